-- wrk: PUT of $SIZE bytes, 4096 unless told, to the URLs of the file $URLS, one after the other; every body is another.
local urls, n = {}, 0
for line in io.lines(os.getenv("URLS")) do urls[#urls + 1] = line end
local filler = string.rep("x", (tonumber(os.getenv("SIZE")) or 4096) - 16)

function request()
    n = n % #urls + 1
    return wrk.format("PUT", urls[n], nil, string.format("%016d", n + os.time() % 100000 * 100000) .. filler)
end

function done(summary)
    if summary.errors.status > 0 then print("Non-2xx: " .. summary.errors.status) end
end

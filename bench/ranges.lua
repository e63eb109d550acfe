-- Walks an object in ranges of 50 KiB, as the devices' SDKs do.
local size, step, offset = 1073741824, 51200, 0
function request()
  offset = (offset + step) % (size - step)
  return wrk.format("GET", nil, { ["Range"] = "bytes=" .. offset .. "-" .. (offset + step - 1) })
end

using Waybill.Benchmarks;

return args switch
{
    ["bytes-host", var port, var directory] => await BytesHost.RunAsync(int.Parse(port), directory),
    ["hashes"] => HashSpeed.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("bytes-host PORT DIRECTORY | hashes");
    return 2;
}

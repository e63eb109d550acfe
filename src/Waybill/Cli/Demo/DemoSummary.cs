using System.Globalization;
using Spectre.Console;
using Waybill.Api;
using Waybill.Cli.Simulate;
using Waybill.Cli.Simulate.Docks;
using Waybill.Device;
using Waybill.Settings;

namespace Waybill.Cli.Demo;

/// <summary>What happened, where it lies, and what to try next.</summary>
sealed class DemoSummary(IAnsiConsole console, WaybillServer server, SimulationPlan plan)
{
    public void Write(Board board, IReadOnlyList<Difference> differences, DockBoard docks, TimeSpan time)
    {
        var key = server.Services.GetRequiredService<AdminKey>();
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn("").HideHeaders();
        table.AddRow("transfers ok", $"[green]{board.Transfers.Count - differences.Count}[/]");
        foreach (var (dialect, counts) in board.Counts)
            table.AddRow("  " + dialect, counts);
        table.AddRow("transfers failed", differences.Count == 0 ? "0" : $"[red]{differences.Count}[/]");
        table.AddRow("attempts repeated", $"{board.Retries}");
        table.AddRow("troubles met", Markup.Escape(string.Join(", ", FaultWords.All.Where(f => board.Count(f) > 0).Select(f => $"{FaultWords.Of(f)} {board.Count(f)}"))));
        var unproven = docks.Unproven.ToList();
        foreach (var generation in docks.Proofs.GroupBy(p => p.Profile))
            table.AddRow($"  dji {generation.Key}", Markup.Escape(string.Join(", ", generation.Where(p => p.IsProven).Select(p => p.Trial.Word()))));
        table.AddRow("docks not proven", unproven.Count == 0 ? "0" : $"[red]{unproven.Count}[/]");
        table.AddRow("bytes", $"{ByteSize.Text(board.BytesUp + docks.Bytes)} up, {ByteSize.Text(board.BytesDown)} down");
        table.AddRow("time", time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture));
        table.AddRow("API", Markup.Escape(server.Api.ToString()));
        table.AddRow("MQTT", $"port {server.MqttPort}");
        table.AddRow("data", Markup.Escape(server.Services.GetRequiredService<WaybillSettings>().Data));
        table.AddRow("admin key", Markup.Escape(key.Path ?? "as configured"));
        console.Write(table);
        foreach (var d in differences)
            console.WriteLine($"{d.Device} {d.Kind} {d.Name}: must be {d.Expected}, is {d.Found}");
        foreach (var p in unproven)
            console.WriteLine($"{p.Dock} {p.Profile} {p.Trial.Word()}: must be {p.Trial.Expected()}; is: {p.Found}");
        WriteNext(key);
    }

    void WriteNext(AdminKey key)
    {
        var secret = key.Path is { } path ? $"$(cat {path})" : "<the admin key>";
        console.WriteLine("List the transfers:");
        console.WriteLine($"  curl -H \"Authorization: Bearer {secret}\" '{server.Api}api/v1/transfers?product={plan.Product}'");
        console.WriteLine("Be a device yourself: ask for an upload, put the bytes to the URL in the answer, report the end.");
        var device = plan.Device(0);
        var identity = new TencentIdentity(plan.Product, device, plan.Secret);
        var user = identity.NewUserName();
        var login = $"-p {server.MqttPort} -i {identity.ClientId} -u '{user}' -P '{identity.Sign(user)}' -q 1";
        var up = $"'$resource/up/service/{plan.Product}/{device}'";
        console.WriteLine($"  mosquitto_rr {login} -t {up} -e '$resource/down/service/{plan.Product}/{device}' \\");
        console.WriteLine("""    -m '{"type":"create_upload_task","size":5,"name":"hello","md5sum":"5d41402abc4b2a76b9719d911017c592"}'""");
        console.WriteLine("  printf hello | curl -X PUT --data-binary @- '<the url>'");
        console.WriteLine($$$"""  mosquitto_pub {{{login}}} -t {{{up}}} -m '{"type":"report_upload_progress","name":"hello","progress":{"state":"done","result_code":0,"result_msg":""}}'""");
    }
}

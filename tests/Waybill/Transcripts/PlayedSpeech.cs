using Waybill.Protocols.TencentExplorer;
using Waybill.Protocols.TencentHub;

namespace Waybill.Tests.Transcripts;

/// <summary>What a dialect is to the player of a transcript.</summary>
/// <param name="Up">The topic a device publishes on.</param>
/// <param name="Down">The topic it hears on.</param>
/// <param name="ProductBody">A product of the dialect, for the API.</param>
/// <param name="LastReport">Something that changes nothing and is answered.</param>
/// <param name="LastAnswer">Its answer.</param>
sealed record PlayedSpeech(string Up, string Down, string ProductBody, string LastReport, string LastAnswer)
{
    public static readonly PlayedSpeech Hub = new(
        HubTopics.Up(PlayedDevice.Product, PlayedDevice.Device),
        HubTopics.Down(PlayedDevice.Product, PlayedDevice.Device),
        """{"name":"Doorbell","dialects":["tencent-hub"]}""",
        """{"type":"report_download_progress","name":"the end","progress":{"state":"done","result_code":0,"result_msg":""}}""",
        """{"type":"report_download_progress_rsp","result_code":0,"result_msg":"ok"}""");

    public static readonly PlayedSpeech Explorer = new(
        ExplorerTopics.Up(PlayedDevice.Product, PlayedDevice.Device),
        ExplorerTopics.Down(PlayedDevice.Product, PlayedDevice.Device),
        """{"name":"Doorbell","dialects":["tencent-explorer"]}""",
        """{"method":"report_version","report":{"resource_list":[{"resource_name":"the end","version":"1","resource_type":"FILE"}]}}""",
        """{"method":"report_version_rsp","result_code":0,"result_msg":"success","resource_list":[{"resource_name":"the end","version":"1","resource_type":"FILE"}]}""");
}

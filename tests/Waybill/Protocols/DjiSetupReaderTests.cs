using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class DjiSetupReaderTests
{
    static DjiUp Read(DjiTopicKind kind, string method, string data) =>
        DjiUpReader.TryRead(kind, Bytes.Of("{\"method\":\"" + method + "\",\"data\":" + data + "}"), out _, out var message, out var fault) ? message : throw new FormatException(fault.Reason);

    static T Request<T>(string method, string data)
        where T : DjiUp => Assert.IsType<T>(Read(DjiTopicKind.Requests, method, data));

    static DjiProperties Properties(string data) => Assert.IsType<DjiProperties>(Read(DjiTopicKind.State, "", data));

    [Fact]
    public void A_dock_asks_for_its_licence_and_whether_it_is_bound()
    {
        Request<DjiConfigAsked>("config", """{"config_type":"json","config_scope":"product"}""");
        Request<DjiConfigAsked>("config", "\"\"");
        Assert.Equal(["DOCK", "DRONE"], Request<DjiBindStatusAsked>("airport_bind_status", """{"devices":[{"sn":"DOCK"},{"sn":""},7,{"sn":"DRONE"}]}""").Sns);
        Assert.Empty(Request<DjiBindStatusAsked>("airport_bind_status", "null").Sns);
        Assert.Equal(DjiBindAsked.MaxDevices, Request<DjiBindStatusAsked>("airport_bind_status", $$"""{"devices":[{{string.Join(',', Enumerable.Repeat("""{"sn":"a"}""", 20))}}]}""").Sns.Count);
    }

    [Fact]
    public void A_dock_binds_itself_and_its_aircraft()
    {
        Assert.Equal(new("org-1", "123456"), Request<DjiOrganizationAsked>("airport_organization_get", """{"device_binding_code":123456,"organization_id":"org-1"}"""));
        var bind = Request<DjiBindAsked>("airport_organization_bind", """
            {"bind_devices":[{"device_binding_code":"123456","organization_id":"org-1","device_callsign":"Roof","sn":"DOCK","device_model_key":"3-1-0"},{"sn":"DRONE","device_callsign":""},{"device_callsign":"?"}]}
            """);
        Assert.Equal([new("DOCK", "org-1", "123456", "Roof", "3-1-0"), new("DRONE", null, null, null, null)], bind.Devices);
        Assert.DoesNotContain("123456", bind.Devices[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("123456", new DjiOrganizationAsked("org-1", "123456").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"domain":"3","type":1,"sub_type":0,"thing_version":"1.1.2","sub_devices":[{"sn":"DRONE","domain":"0","type":67,"sub_type":0,"index":"A","device_secret":"s","nonce":"n","thing_version":"1.1.2"}]}""", "3-1-0", "0-67-0")]
    [InlineData("""{"domain":3,"type":"1","sub_type":"0","version":"1.1.2","sub_devices":[{"sn":"DRONE","type":"67","sub_type":"0","index":"A","thing_version":"1.1.2"}]}""", "3-1-0", null)]
    [InlineData("""{"type":1,"sub_type":0,"version":"1.1.2","sub_devices":[{"sn":"DRONE","domain":0,"type":67,"sub_type":0,"index":"A","version":"1.1.2"}]}""", null, "0-67-0")]
    public void A_topology_has_a_gateway_and_what_is_behind_it(string data, string? gateway, string? drone)
    {
        var topology = Assert.IsType<DjiTopology>(Read(DjiTopicKind.Status, "update_topo", data));
        Assert.Equal((gateway, "1.1.2"), (topology.Gateway.ModelKey, topology.Gateway.ThingVersion));
        var sub = Assert.Single(topology.SubDevices);
        Assert.Equal(("DRONE", "A", drone, "1.1.2"), (sub.Sn, sub.Index, sub.Thing.ModelKey, sub.Thing.ThingVersion));
    }

    [Fact]
    public void An_aircraft_that_is_off_is_not_in_the_topology()
    {
        Assert.Empty(Assert.IsType<DjiTopology>(Read(DjiTopicKind.Status, "update_topo", """{"domain":"3","sub_devices":[]}""")).SubDevices);
        Assert.Empty(Assert.IsType<DjiTopology>(Read(DjiTopicKind.Status, "update_topo", """{"sub_devices":null}""")).SubDevices);
        Assert.IsType<DjiUnusable>(Read(DjiTopicKind.Status, "update_topo", "[]"));
        Assert.IsType<DjiOther>(Read(DjiTopicKind.Status, "brand_new", "[]"));
    }

    [Theory]
    [InlineData("flight_areas_get", true)]
    [InlineData("offline_map_get", true)]
    [InlineData("flighttask_resource_get", false)]
    [InlineData("flighttask_progress_get", false)]
    public void Some_questions_may_be_answered_with_nothing(string method, bool may)
    {
        var asked = Request<DjiFlightAsked>(method, """{"flight_id":"f"}""");
        Assert.Equal((method, may), (asked.Method, asked.MayBeNothing));
    }

    [Fact]
    public void Storage_is_asked_for_by_module()
    {
        Assert.Equal(0, Request<DjiStorageAsked>("storage_config_get", """{"module":0}""").Module);
        Assert.Equal(1, Request<DjiStorageAsked>("storage_config_get", """{"module":"1"}""").Module);
        Assert.Null(Request<DjiStorageAsked>("storage_config_get", "null").Module);
        Request<DjiOther>("brand_new", "{}");
    }

    [Fact]
    public void Osd_and_state_say_what_matters_and_no_more()
    {
        Assert.Equal(
            new()
            {
                FirmwareVersion = "10.01.32.05",
                Mode = DjiDockMode.Working,
                IsStopped = false,
                HasAircraft = true,
                WantsConsistency = true,
                IsUpgrading = false,
                Battery = 87,
                Aircraft = new("DRONE", "0-67-0", false, true),
                Storage = new(82045336, 512),
            },
            Properties("""
                {"firmware_version":"10.01.32.05","mode_code":"4","emergency_stop_state":0,"drone_in_dock":1,"compatible_status":1,"firmware_upgrade_status":0,
                "drone_charge_state":{"capacity_percent":"87","state":1},"sub_device":{"device_sn":"DRONE","device_model_key":"0-67-0","device_online_status":0,"device_paired":1},
                "storage":{"total":82045336,"used":512},"network_state":{"type":2}}
                """));
        Assert.Equal(20, Properties("""{"battery":{"capacity_percent":20,"batteries":[]},"mode_code":14}""").Battery);
        Assert.Equal(new(), Properties("""{"sub_device":[],"storage":{"total":-1,"used":1},"battery":7,"mode_code":"?","firmware_version":{}}"""));
        Assert.Equal(new(), Properties("{}"));
        Assert.IsType<DjiOther>(Read(DjiTopicKind.Osd, "", "[]"));
        Assert.All(Enumerable.Range(0, 9), mode => Assert.StartsWith("is ", DjiDockMode.Meaning(mode), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"file":{"object_key":"m/dog.jpeg","path":"DCIM","name":"dog.jpeg","ext":{"flight_id":"F","is_original":true},"metadata":{"create_time":"2021-05-10 16:04:20","gimbal_yaw_degree":"-91.40"}},"flight_task":{"uploaded_file_count":12}}""")]
    [InlineData("""{"result":0,"progress":100,"file":{"object_key":"m/dog.jpeg","path":"DCIM","name":"dog.jpeg","ext":{"flight_id":"F","is_original":1},"metadata":{"created_time":"2021-05-10 16:04:20","gimbal_yaw_degree":-91.4}}}""")]
    public void Every_generation_of_a_media_file_reads_the_same(string data) =>
        Assert.Equal(
            new DjiMediaFile("m/dog.jpeg") { Name = "dog.jpeg", Path = "DCIM", FlightId = "F", IsOriginal = true, CreatedAt = "2021-05-10 16:04:20" },
            Read(DjiTopicKind.Events, "file_upload_callback", data));

    [Fact]
    public void A_media_file_without_a_key_is_of_no_use()
    {
        Assert.IsType<DjiUnusable>(Read(DjiTopicKind.Events, "file_upload_callback", """{"file":{"path":"/media/a.jpg"}}"""));
        Assert.IsType<DjiUnusable>(Read(DjiTopicKind.Events, "file_upload_callback", "\"\""));
        Assert.Equal(new DjiMediaFile("k") { Result = 3 }, Read(DjiTopicKind.Events, "file_upload_callback", """{"result":3,"file":{"object_key":"k"}}"""));
    }
}

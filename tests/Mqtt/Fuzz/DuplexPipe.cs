using System.IO.Pipelines;

namespace Waybill.Mqtt.Tests.Fuzz;

sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

namespace Waybill.Protocols.Json;

enum JsonKind : byte { Absent, Text, Number, Object, Array, True, False, Null }

namespace Waybill.Mqtt.Codec;

/// <summary>One property. Numbers are in <see cref="Number"/>, text and binary in <see cref="Bytes"/>, a user property's value in <see cref="Value"/>.</summary>
public readonly ref struct MqttProperty
{
    /// <summary>Which property.</summary>
    public MqttPropertyId Id { get; internal init; }

    /// <summary>The value of a numeric property.</summary>
    public uint Number { get; internal init; }

    /// <summary>The value of a text or binary property, the name of a user property.</summary>
    public ReadOnlySpan<byte> Bytes { get; internal init; }

    /// <summary>The value of a user property.</summary>
    public ReadOnlySpan<byte> Value { get; internal init; }
}

/// <summary>The property block of a 5.0 packet (2.2.2), kept as its bytes without their length; empty in older versions.</summary>
public readonly ref struct MqttProperties
{
    internal MqttProperties(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The encoded properties.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Walks the properties in their order.</summary>
    public Enumerator GetEnumerator() => new(Bytes);

    /// <summary>Finds the first property of an id.</summary>
    public bool TryGet(MqttPropertyId id, out MqttProperty property)
    {
        foreach (var candidate in this)
        {
            if (candidate.Id != id) continue;
            property = candidate;
            return true;
        }
        property = default;
        return false;
    }

    /// <summary>The value of a numeric property, or <paramref name="absent"/>.</summary>
    public uint Number(MqttPropertyId id, uint absent) => TryGet(id, out var property) ? property.Number : absent;

    /// <summary>Checks a whole block: known ids, allowed places, no repetition, value ranges.</summary>
    internal static MqttReasonCode Check(ReadOnlySpan<byte> bytes, MqttPropertyPlace place)
    {
        if (bytes.IsEmpty) return MqttReasonCode.Success;
        var seen = 0UL;
        var walk = new Enumerator(bytes);
        while (walk.MoveNext())
        {
            var property = walk.Current;
            if ((MqttPropertyTable.Look(property.Id).Places & place) == MqttPropertyPlace.None) return MqttReasonCode.MalformedPacket;
            var bit = 1UL << (int)property.Id;
            if ((seen & bit) != 0 && !MqttPropertyTable.Repeats(property.Id, place)) return MqttReasonCode.ProtocolError;
            seen |= bit;
            var error = CheckValue(property);
            if (error != MqttReasonCode.Success) return error;
        }
        // 3.1.2.11.10: authentication data needs a method
        var dataWithoutMethod = (seen & 1UL << (int)MqttPropertyId.AuthenticationData) != 0
            && (seen & 1UL << (int)MqttPropertyId.AuthenticationMethod) == 0;
        return walk.Error != MqttReasonCode.Success ? walk.Error
            : dataWithoutMethod ? MqttReasonCode.ProtocolError : MqttReasonCode.Success;
    }

    static MqttReasonCode CheckValue(in MqttProperty property) => property.Id switch
    {
        MqttPropertyId.TopicAlias => property.Number == 0 ? MqttReasonCode.TopicAliasInvalid : MqttReasonCode.Success,
        MqttPropertyId.ReceiveMaximum or MqttPropertyId.MaximumPacketSize or MqttPropertyId.SubscriptionIdentifier =>
            property.Number == 0 ? MqttReasonCode.ProtocolError : MqttReasonCode.Success,
        MqttPropertyId.ResponseTopic => MqttTopic.IsName(property.Bytes) ? MqttReasonCode.Success : MqttReasonCode.ProtocolError,
        _ => MqttPropertyTable.Look(property.Id).Kind == MqttPropertyKind.Flag && property.Number > 1
            ? MqttReasonCode.ProtocolError : MqttReasonCode.Success,
    };

    /// <summary>Walks a block.</summary>
    public ref struct Enumerator
    {
        MqttReader _reader;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _reader = new(bytes);

        /// <summary>The property reached.</summary>
        public MqttProperty Current { get; private set; }

        internal readonly MqttReasonCode Error => _reader.Error;

        internal readonly int Left => _reader.Left;

        /// <summary>Goes to the next property; false at the end and at the first mistake.</summary>
        public bool MoveNext()
        {
            if (_reader.End) return false;
            // Every id fits one byte, so a longer variable byte integer is an unknown id (2.2.2.2)
            var id = (MqttPropertyId)_reader.Byte();
            Current = MqttPropertyTable.Look(id).Kind switch
            {
                MqttPropertyKind.Flag => new() { Id = id, Number = _reader.Byte() },
                MqttPropertyKind.Two => new() { Id = id, Number = _reader.UInt16() },
                MqttPropertyKind.Four => new() { Id = id, Number = _reader.UInt32() },
                MqttPropertyKind.Variable => new() { Id = id, Number = (uint)_reader.VarInt() },
                MqttPropertyKind.Text => new() { Id = id, Bytes = _reader.Utf8Text() },
                MqttPropertyKind.Bytes => new() { Id = id, Bytes = _reader.Binary() },
                MqttPropertyKind.Pair => new() { Id = id, Bytes = _reader.Utf8Text(), Value = _reader.Utf8Text() },
                _ => Unknown(),
            };
            return _reader.Error == MqttReasonCode.Success;
        }

        MqttProperty Unknown()
        {
            _reader.Fail(MqttReasonCode.MalformedPacket);
            return default;
        }
    }
}

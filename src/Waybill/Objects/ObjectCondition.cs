namespace Waybill.Objects;

/// <summary>What re-hashing an object found. Rotten: the bytes are there but are not what their name says.</summary>
enum ObjectCondition
{
    Intact,
    Rotten,
    Missing,
}

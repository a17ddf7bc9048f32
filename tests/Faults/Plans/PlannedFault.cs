using System.Globalization;
using PolyglotSync.Faults.Faults;

namespace PolyglotSync.Faults.Plans;

/// <param name="At">From the start of the load.</param>
public sealed record PlannedFault(TimeSpan At, Fault Fault)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.0} s: {Fault.Description}");
}

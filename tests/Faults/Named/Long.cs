namespace PolyglotSync.Faults.Named;

/// <summary>Tests that take minutes, because what they wait for does.</summary>
internal static class Long
{
    /// <summary>Skips the test unless POLYSYNC_FAULT_LONG is set, as <c>./polysync test faults</c> does.</summary>
    public static void Only() => Skip.If(Environment.GetEnvironmentVariable("POLYSYNC_FAULT_LONG") is null or "", "takes minutes; ./polysync test faults runs it");
}

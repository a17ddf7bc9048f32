namespace PolyglotSync.Faults.Named;

/// <summary>Tests that take their time: what they wait for does, or the server that they need.</summary>
internal static class Long
{
    /// <summary>Skips the test unless POLYSYNC_FAULT_LONG is set, as <c>./polysync test faults</c> does.</summary>
    public static void Only() => Skip.If(Environment.GetEnvironmentVariable("POLYSYNC_FAULT_LONG") is null or "", "takes its time; ./polysync test faults runs it");
}

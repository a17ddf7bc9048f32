using Xunit.Sdk;

namespace Akka.TestKit.Xunit2;

/// <summary>Tells xunit that something is wrong.</summary>
public class XunitAssertions : ITestKitAssertions
{
    /// <inheritdoc />
    public void Fail(string format = "", params object[] args) => throw new XunitException(Text(format, args));

    /// <inheritdoc />
    public void AssertTrue(bool condition, string format = "", params object[] args)
    {
        if (!condition)
            Fail(format, args);
    }

    /// <inheritdoc />
    public void AssertFalse(bool condition, string format = "", params object[] args) => AssertTrue(!condition, format, args);

    /// <inheritdoc />
    public void AssertEqual<T>(T expected, T actual, string format = "", params object[] args) =>
        AssertEqual(expected, actual, EqualityComparer<T>.Default.Equals, format, args);

    /// <inheritdoc />
    public void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "", params object[] args)
    {
        if (!comparer(expected, actual))
            Fail($"Expected <{expected}>, got <{actual}>. {Text(format, args)}");
    }

    private static string Text(string format, object[] args) => args is { Length: > 0 } ? string.Format(format, args) : format;
}

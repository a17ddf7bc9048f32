using System.Text;
using PolyglotSync.Graph.Values;

namespace PolyglotSync.Graph.Tests.Values;

public sealed class LiteralBufferTests
{
    [Fact]
    public void What_a_graph_gave_back_is_written_as_it_was() =>
        Written(b => b.Value(new object?[] { null, true, 7L, 1.5, 2.0, "it's", new object[] { 1L, "x" } })).ShouldBe("[null,true,7,1.5,2.0,'it\\'s',[1,'x']]");

    [Fact]
    public void Every_character_that_would_end_or_change_a_string_is_escaped() =>
        Written(b => b.String("a\\b'c\nd\re\tf\bg\fh"u8)).ShouldBe(@"'a\\b\'c\nd\re\tf\bg\fh'");

    [Theory]
    [InlineData(0.0, "0.0"), InlineData(-3.0, "-3.0"), InlineData(0.1, "0.1"), InlineData(1e300, "1E+300")]
    public void A_float_is_never_taken_for_an_integer(double value, string literal) => Written(b => b.Float(value)).ShouldBe(literal);

    [Fact]
    public void What_has_no_literal_is_refused_by_its_name() =>
        Should.Throw<NotSupportedException>(() => Written(b => b.Value(TimeSpan.Zero))).Message.ShouldBe("a TimeSpan has no Cypher literal");

    [Fact]
    public void It_grows_and_is_cut_back()
    {
        using var buffer = new LiteralBuffer();
        var text = new string('x', 100_000);
        buffer.Raw("abc");
        buffer.Raw(text);
        buffer.Length.ShouldBe(100_003);
        buffer.CutTo(3);
        Encoding.UTF8.GetString(buffer.Written).ShouldBe("abc");
        buffer.Clear();
        buffer.Memory.Length.ShouldBe(0);
    }

    private static string Written(Action<LiteralBuffer> write)
    {
        using var buffer = new LiteralBuffer();
        write(buffer);
        return Encoding.UTF8.GetString(buffer.Written);
    }
}

using Shouldly;
using Xunit;

namespace PolyglotSync.PublicSurface.Tests;

public class ListingTests
{
    [Theory]
    [InlineData("public static System.Threading.Tasks.Task<T> Run<T>(this A.B b, System.Func<A.B, T> f = null, int n = 0)\n            where T :  class, new () { }",
        "static System.Threading.Tasks.Task<T> Run<T>(this A.B b,System.Func<A.B,T> f = default,int n = 0) where T:class,new()")]
    [InlineData("protected virtual void Go(A.Mode? mode, string? text, params object[] rest) { }", "protected void Go(A.Mode mode,string text,params object[] rest)")]
    [InlineData("public string Name { get; init; }", "string Name { get;set; }")]
    [InlineData("protected X(int? a) { }", "protected .ctor(int? a)")]
    [InlineData("public const int Infinite = -1;", "const int Infinite = -1")]
    [InlineData("public static bool ==(A.X l, A.X r) { }", "static bool operator ==(A.X l,A.X r)")]
    [InlineData("public static bool operator <=(A.X l, A.X r) { }", "static bool operator <=(A.X l,A.X r)")]
    [InlineData("T this[[System.Foo(\"a\")] int index] { get; }", "T this[int index] { get; }")]
    public void A_member_is_read_in_the_words_of_reflection(string line, string expected)
    {
        var parsed = Listing.Parse($"namespace A\n{{\n    public class X\n    {{\n        {line}\n    }}\n}}");
        parsed.ShouldContain(new Declaration("A.X", expected));
    }

    [Theory]
    [InlineData("public sealed class X<in T> : A.Base<T>, A.I", "sealed class X<T>")]
    [InlineData("public class static X", "static class X")]
    [InlineData("public readonly struct X", "struct X")]
    [InlineData("[System.Obsolete(\"a [very] \" +\n    \"long text\")]\n    public interface X", "interface X")]
    public void A_type_is_read_with_its_kind(string line, string expected) =>
        Listing.Parse($"namespace A\n{{\n    {line}\n    {{\n    }}\n}}").ShouldContain(new Declaration("A", expected));
}

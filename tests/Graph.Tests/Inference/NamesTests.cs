using PolyglotSync.Graph.Inference;

namespace PolyglotSync.Graph.Tests.Inference;

public sealed class NamesTests
{
    [Theory]
    [InlineData("users", "User")]
    [InlineData("order_items", "OrderItem")]
    [InlineData("people", "Person")]
    [InlineData("sales_people", "SalesPerson")]
    [InlineData("categories", "Category")]
    [InlineData("addresses", "Address")]
    [InlineData("boxes", "Box")]
    [InlineData("branches", "Branch")]
    [InlineData("movies", "Movie")]
    [InlineData("analyses", "Analysis")]
    [InlineData("vertices", "Vertex")]
    [InlineData("status", "Status")]
    [InlineData("statuses", "Status")]
    [InlineData("news", "News")]
    [InlineData("series", "Series")]
    [InlineData("data", "Data")]
    [InlineData("address", "Address")]
    [InlineData("gas", "Gas")]
    [InlineData("bus", "Bus")]
    [InlineData("class", "Class")]
    [InlineData("lenses", "Lens")]
    [InlineData("houses", "House")]
    [InlineData("film_actor", "FilmActor")]
    [InlineData("OrderItems", "OrderItem")]
    [InlineData("orderItems", "OrderItem")]
    [InlineData("USERS", "USER")]
    [InlineData("ORDER_ITEMS", "ORDERITEM")]
    [InlineData("People", "Person")]
    [InlineData("t", "T")]
    [InlineData("as", "As")]
    [InlineData("2024_events", "2024Event")]
    [InlineData("log-entries 2", "LogEntries2")]
    [InlineData("__PolySync", "PolySync")]
    [InlineData("таблица", "Таблица")]
    [InlineData("名前", "名前")]
    [InlineData("Größe", "Größe")]
    [InlineData("!!", "!!")]
    public void A_label_is_the_tables_name_singular_where_it_is_plainly_plural(string table, string label) => Names.Label(table).ShouldBe(label);

    [Theory]
    [InlineData("author_id", "AUTHOR")]
    [InlineData("authorId", "AUTHOR")]
    [InlineData("AuthorID", "AUTHOR")]
    [InlineData("owner_uuid", "OWNER")]
    [InlineData("parent", "PARENT")]
    [InlineData("id", "ID")]
    [InlineData("_id", "ID")]
    [InlineData("language_fk", "LANGUAGE")]
    [InlineData("original_language_id", "ORIGINAL_LANGUAGE")]
    [InlineData("Größe_id", "GRÖSSE")]
    [InlineData("имя_id", "ИМЯ")]
    public void A_type_is_the_role_that_the_column_names(string column, string type)
    {
        // there is no capital ß before Unicode 5.1, and invariant upper-casing leaves it
        Names.Role(column).ShouldBe(type.Replace("GRÖSSE", "GRÖßE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("comments_reply_to", "REPLY_TO")]
    [InlineData("fk_comments_reply_to", "REPLY_TO")]
    [InlineData("reply_to_fk", "REPLY_TO")]
    [InlineData("FK_Comments_ReplyTo", "REPLY_TO")]
    [InlineData("comments_post_id_number_fkey", null)]
    [InlineData("comments_post_id_number_fkey1", null)]
    [InlineData("comments", null)]
    [InlineData("fk_comments", null)]
    public void A_constraint_that_a_person_named_tells_a_role(string constraint, string? role) => Names.Given("comments", constraint).ShouldBe(role);
}

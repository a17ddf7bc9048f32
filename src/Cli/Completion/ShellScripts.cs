namespace PolyglotSync.Cli.Completion;

/// <summary>The scripts that <c>polysync completion</c> prints. Each asks the program that is being completed, so they never go stale.</summary>
internal static class ShellScripts
{
    private const string Bash = """
        _polysync() {
          local IFS=$'\n'
          COMPREPLY=($("${COMP_WORDS[0]}" completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
          [[ ${#COMPREPLY[@]} -eq 0 ]] && compopt -o default
          return 0
        }
        complete -F _polysync polysync ./polysync

        """;

    private const string Zsh = """
        #compdef polysync
        _polysync() {
          local -a found
          found=("${(@f)$("${words[1]}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
          if [[ -n "$found" ]]; then compadd -a found; else _files; fi
        }
        compdef _polysync polysync ./polysync

        """;

    private const string Fish = """
        function __polysync_words
          set -l words (commandline -opc) (commandline -ct)
          $words[1] completion words -- $words[2..-1] 2>/dev/null
        end
        complete -c polysync -a '(__polysync_words)'

        """;

    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => throw new ArgumentOutOfRangeException(nameof(shell), shell, "bash, zsh or fish"),
    };
}

# The line coverage of src over all test projects of a run: a line counts once, and is covered where any project's tests reach it. Sourced by scripts/test.sh; wants $root.
# Nodes that tests start as processes of their own are not measured: what only they reach counts as not covered.

# One line: all of src, then each room. $1: the folder with the runs' coverage.cobertura.xml.
print_coverage() {
  local files
  mapfile -t files < <(find "$1" -name coverage.cobertura.xml | sort)
  if (( ${#files[@]} == 0 )); then echo "line coverage of src: nothing was measured"; return; fi
  awk -v src="$root/src/" '
    match($0, /<source>[^<]*/) { base = substr($0, RSTART + 8, RLENGTH - 8); if (base !~ /\/$/) base = base "/" }
    match($0, /<class [^>]*filename="[^"]*/) { file = substr($0, RSTART, RLENGTH); sub(/.*filename="/, "", file); if (file !~ /^\//) file = base file; mine = index(file, src) == 1 && index(file, "/../") == 0 }
    mine && match($0, /<line number="[0-9]+" hits="[0-9]+/) {
      split(substr($0, RSTART, RLENGTH), part, "\""); key = file ":" part[2]
      if (!(key in seen)) { seen[key] = 1; room = substr(file, length(src) + 1); sub(/\/.*/, "", room); rooms[key] = room; lines[room]++; all++ }
      if (part[4] > 0 && !(key in hit)) { hit[key] = 1; covered[rooms[key]]++; reached++ }
    }
    END {
      if (all == 0) { print "line coverage of src: nothing was measured"; exit }
      count = 0; for (room in lines) names[++count] = room
      for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (names[j] < names[i]) { t = names[i]; names[i] = names[j]; names[j] = t }
      text = sprintf("line coverage of src: %.1f %% (%d of %d lines", 100 * reached / all, reached, all)
      for (i = 1; i <= count; i++) text = text sprintf("%s %s %.1f", i == 1 ? ";" : ",", names[i], 100 * covered[names[i]] / lines[names[i]])
      print text "; what only nodes that tests start as processes of their own reach is not measured)"
    }' "${files[@]}"
}

# Says where a document breaks $schema[0]; nothing when it keeps it. Knows the words of JSON Schema that our schema uses:
# $ref (#/…), type, enum, required, properties, items, minimum.
def kind: if type == "number" and floor == . then "integer" else type end;

def broken($root; $s; $at):
  . as $doc
  | if $s["$ref"] then broken($root; $root | getpath($s["$ref"] | ltrimstr("#/") | split("/")); $at)
    else
      ( [$s.type // empty] | flatten ) as $types
      | (if ($types | length) > 0 and ([$types[] == (kind, type)] | any | not)
         then "\($at): \(type) instead of \($types | join(" or "))" else empty end),
        (if $s.enum and ($s.enum | index([$doc]) == null) then "\($at): \($doc) is none of \($s.enum | join(", "))" else empty end),
        (if $s.minimum and type == "number" and . < $s.minimum then "\($at): less than \($s.minimum)" else empty end),
        (if type == "object" then
           ((($s.required // []) - keys)[] | "\($at): no \(.)"),
           (($s.properties // {}) | to_entries[] | select(.key | in($doc)) | .key as $key | .value as $sub
            | $doc[$key] | broken($root; $sub; "\($at).\($key)"))
         else empty end),
        (if type == "array" and $s.items then
           range(length) as $i | .[$i] | broken($root; $s.items; "\($at)[\($i)]")
         else empty end)
    end;

$schema[0] as $root | [broken($root; $root; "report")] | .[:10] | join("; ")

#!/bin/sh
# Checks a night's orders against the drug table and writes a report of those that are not within it.
set -eu

usage() {
    cat << 'USAGE'
Usage: nightly-check.sh ORDERS.csv FOLDER [OPTION OF dmcalc batch]...

Checks each order of ORDERS.csv, a file with the columns id, drug, order, weight and what else
dmcalc check needs, and writes into FOLDER, named by the day:
  checked-DAY.tsv   each order with its verdict and the limits that it was compared with
  rejected-DAY.csv  each order that could not be checked, with the reason
  report-DAY.txt    the orders that a person must look at; its path is printed

Exit 0: all orders are within. 5: some are not, or cannot be made of whole units. 4: some could not
be checked. Any other code is that of dmcalc, and nothing is written.

  nightly-check.sh orders.csv reports --market UK
USAGE
}

case ${1-} in
    -h | --help) usage && exit 0 ;;
esac
if [ $# -lt 2 ]; then
    usage >&2
    exit 2
fi
orders=$1 folder=$2
shift 2

if [ ! -d "$folder" ]; then
    printf 'nightly-check.sh: there is no folder %s\n' "$folder" >&2
    exit 7
fi

day=$(date +%F)
work=$(mktemp -d "$folder/.nightly.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

code=0
dmcalc batch "$orders" --check --keep id --input-format csv --format tsv "$@" \
    --output "$work/checked" --rejects "$work/rejected" 2> "$work/said" || code=$?
case $code in
    0 | 4 | 5) ;;
    *)
        cat "$work/said" >&2
        exit "$code"
        ;;
esac

# An order has a row for each posology; the one that has the verdict of the whole is shown. Columns
# are found by their names, because more of them may come.
awk -F '\t' '
    NR == 1 {
        for (i = 1; i <= NF; i++) at[$i] = i
        next
    }
    $at["exit"] != 0 && $at["verdict"] == $at["order_verdict"] {
        if (told[$at["id"], $at["drug"], $at["order"]]++) next
        printf "  %s: %s, %s: %s\n", $at["id"], $at["drug"], $at["order"], $at["order_verdict"]
        printf "    %s\n", $at["message"]
        if ($at["dispensable"] == "false") {
            nearest = $at["nearest"]  # {"below": 62, "above": 62.5}
            gsub(/[{}"]/, "", nearest)
            printf "    No whole units make it. The nearest in %s: %s\n", $at["unit"], nearest
        }
    }
' "$work/checked" > "$work/look"

{
    printf 'Orders of %s, checked on %s with %s\n' "${orders##*/}" "$day" "$(dmcalc --version)"
    cat "$work/said"
    printf '\nTo be looked at:\n'
    if [ -s "$work/look" ]; then cat "$work/look"; else echo '  none'; fi
    printf '\nNot checked:\n'
    if [ "$(wc -l < "$work/rejected")" -gt 1 ]; then sed 's/^/  /' "$work/rejected"; else echo '  none'; fi
    printf '\nThis compares amounts with one table. It does not judge an order, and an order that is not\n'
    printf 'named here was not judged either. The prescriber decides.\n'
} > "$work/report"

mv "$work/rejected" "$folder/rejected-$day.csv"
mv "$work/checked" "$folder/checked-$day.tsv"
mv "$work/report" "$folder/report-$day.txt"
printf '%s\n' "$folder/report-$day.txt"
exit "$code"

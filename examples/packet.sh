#!/bin/sh
# Makes one patient's packet: doses, handout, calendar and a file for the pharmacy, in a folder.
set -eu

usage() {
    cat << 'USAGE'
Usage: packet.sh DRUG WEIGHT SEVERITY START FOLDER [OPTION OF dmcalc taper]...

Makes FOLDER, which must not be there yet, with
  doses.txt     the doses of DRUG for this patient, and where they come from
  taper.txt     its taper from START, with what was chosen and all cautions
  handout.html  the taper to print: for the patient, and pages of its own for the pharmacist
  calendar.ics  the taper as a calendar; it holds nothing of the patient
  pharmacy.csv  the steps of the taper with their tablets, a row a step

  packet.sh prednisone 70 severe 2026-12-01 packet
  packet.sh prednisone 154lb mild 2026-12-01 packet --protocol etg

The folder is there whole or not at all, and nobody else may read it; where dmcalc refuses, its exit
code is that of dmcalc.
USAGE
}

case ${1-} in
    -h | --help) usage && exit 0 ;;
esac
if [ $# -lt 5 ]; then
    usage >&2
    exit 2
fi
drug=$1 weight=$2 severity=$3 start=$4 folder=$5
shift 5
if [ -e "$folder" ]; then
    printf 'packet.sh: %s is there already\n' "$folder" >&2
    exit 2
fi

parent=$(dirname -- "$folder")
if [ ! -d "$parent" ]; then
    printf 'packet.sh: there is no folder %s\n' "$parent" >&2
    exit 7
fi
work=$(mktemp -d "$parent/.packet.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

dmcalc dose "$drug" --weight "$weight" --severity "$severity" --explain \
    --output "$work/doses.txt"

taper() {
    form=$1 file=$2
    shift 2
    dmcalc taper "$drug" --weight "$weight" --severity "$severity" --start "$start" --quiet \
        --explain --format "$form" --output "$work/$file" "$@"
}
taper table taper.txt "$@"
taper html handout.html "$@"
taper ics calendar.ics "$@"
taper csv pharmacy.csv "$@"

mv "$work" "$folder"
printf '%s\n' "$folder"

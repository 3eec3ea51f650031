#!/bin/sh
# Mails a taper as a calendar. What is sent holds nothing of the patient but the taper itself.
set -eu

usage() {
    cat << 'USAGE'
Usage: mail-taper.sh TO DRUG START [OPTION OF dmcalc taper]...

Computes the taper of DRUG from START and hands a mail with it as a calendar to sendmail -t.

  mail-taper.sh patient@example.org prednisone 2026-12-01 --weight 70 --severity severe
  SENDMAIL=msmtp FROM=clinic@example.org mail-taper.sh ...

SENDMAIL is the program that sends, FROM the sender; without it the program's own. Where dmcalc
refuses, nothing is sent and the exit code is that of dmcalc.
USAGE
}

case ${1-} in
    -h | --help) usage && exit 0 ;;
esac
if [ $# -lt 3 ]; then
    usage >&2
    exit 2
fi
to=$1 drug=$2 start=$3
shift 3

# A line end in a header would begin another one.
for header in "$to" "${FROM-}" "$drug"; do
    case $header in
        *[[:cntrl:]]*)
            echo 'mail-taper.sh: an address or a name holds a line end' >&2
            exit 2
            ;;
    esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

dmcalc taper "$drug" --start "$start" --quiet --format ics --output "$work/taper.ics" "$@"

border="=_dmcalc_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
{
    if [ -n "${FROM-}" ]; then printf 'From: %s\n' "$FROM"; fi
    printf 'To: %s\n' "$to"
    printf 'Subject: Taper of %s from %s\n' "$drug" "$start"
    printf 'MIME-Version: 1.0\n'
    printf 'Content-Type: multipart/mixed; boundary="%s"\n\n' "$border"
    printf -- '--%s\n' "$border"
    printf 'Content-Type: text/plain; charset=utf-8\n\n'
    printf 'The calendar with this mail has an event for each step of the taper.\n'
    printf 'It shows what was planned. Your prescriber decides.\n\n'
    printf -- '--%s\n' "$border"
    printf 'Content-Type: text/calendar; charset=utf-8; method=PUBLISH; name="taper.ics"\n'
    printf 'Content-Disposition: attachment; filename="taper.ics"\n'
    printf 'Content-Transfer-Encoding: base64\n\n'
    base64 < "$work/taper.ics"
    printf -- '--%s--\n' "$border"
} > "$work/mail"

"${SENDMAIL:-sendmail}" -t < "$work/mail"

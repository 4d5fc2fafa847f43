# Runs a private PostgreSQL until standard input ends. $1: folder of the
# programs, $2: the server's own directory, the rest: the server's settings.
set -u
programs=$1 dir=$2
shift 2

# Descriptor 3 is the lease. The server must not hold it, and needs no input.
exec 3<&0 </dev/null

{
  "$programs/initdb" --pgdata="$dir/data" --username=hark --auth=trust --no-sync \
    --encoding=UTF8 --locale=C.UTF-8 --no-instructions &&
    "$programs/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= "$@"
  : >"$dir/stopped" # before its time: the tests need not wait any longer
} >"$dir/log" 2>&1 3<&- &

cat <&3 >/dev/null

# The whole group, so that an initdb halfway is stopped too. SIGQUIT is
# PostgreSQL's immediate shutdown: nothing here is worth a checkpoint. Again and
# again, because neither initdb at its end nor a server at its start heeds it.
trap '' QUIT
tries=0
while [ ! -e "$dir/stopped" ] && [ $tries -lt 300 ]; do
  kill -QUIT 0
  sleep 0.1
  tries=$((tries + 1))
done
wait
for _ in 1 2 3 4 5; do
  rm -rf "$dir" && break
  sleep 0.2
done

#!/bin/sh
# One case of the behaviour of tools/setup. Usage: setup_test.sh PROJECT CASE
set -eu
project=$1
case=$2
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/project/tools" "$tree/project/deps" "$tree/index" "$tree/bin"
cp "$project/tools/setup" "$tree/project/tools/"

# Every call of dpkg-query and apt-get goes to these: `here` lists what is installed, `calls` what was asked of apt-get.
printf 'ca-certificates\nkept\n' >"$tree/here"
cat >"$tree/bin/dpkg-query" <<STUB
#!/bin/sh
for package; do :; done
if grep -qx "\$package" "$tree/here"; then echo installed; else exit 1; fi
STUB
cat >"$tree/bin/apt-get" <<STUB
#!/bin/sh
echo "\$*" >>"$tree/calls"
case "\$*" in
  *install*absent*) echo 'E: Unable to locate package absent'; exit 100 ;;
  *install*) for package; do :; done; echo "\$package" >>"$tree/here" ;;
esac
STUB
printf '#!/bin/sh\nexec "$@"\n' >"$tree/bin/sudo"
chmod +x "$tree"/bin/*
printf '# a comment\n\nkept  # why\n' >"$tree/project/deps/apt.txt"
python=$(command -v python3)
export PATH="$tree/bin:$PATH" PIP_NO_INDEX=1 PIP_FIND_LINKS="$tree/index" PIP_DISABLE_PIP_VERSION_CHECK=1

# A wheel of one file, named like the real ones with dashes in the project's name.
"$python" - "$tree/index/graft_wheel-1.2.0-py3-none-any.whl" <<'WHEEL'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    info = "graft_wheel-1.2.0.dist-info/"
    wheel.writestr("graft_wheel/data.txt", "bytes")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: graft-wheel\nVersion: 1.2.0\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(info + "RECORD", f"graft_wheel/data.txt,,\n{info}METADATA,,\n{info}WHEEL,,\n{info}RECORD,,\n")
WHEEL
hash=$(sha256sum "$tree/index/graft_wheel-1.2.0-py3-none-any.whl" | cut -d' ' -f1)
pin() { printf '# pinned\ngraft-wheel==%s --hash=sha256:%s\n' "$1" "$2" >"$tree/project/deps/wheels.txt"; }
pin 1.2.0 "$hash"
printf '# none\n' >"$tree/project/deps/models.txt"

setup() {
  status=0
  "$tree/project/tools/setup" "$@" >"$tree/out" 2>&1 || status=$?
}
check() {
  eval "$1" || {
    echo "not so: $1"
    cat "$tree/out"
    exit 1
  }
}
says() { check "grep -q \"$1\" \"$tree/out\""; }
is_unpacked() { check "[ \"\$(cat $tree/project/.deps/graft_wheel/data.txt)\" = bytes ]"; }
without_python() {
  printf '#!/bin/sh\nexit 99\n' >"$tree/bin/python3"
  chmod +x "$tree/bin/python3"
}

case $case in
  installs_what_is_pinned)
    setup
    check '[ $status = 0 ]'
    is_unpacked
    check '[ -s "$tree/project/.deps/.stamp" ]'
    check '[ ! -e "$tree/calls" ]'
    ;;
  installs_cargo_where_there_is_none_that_is_new_enough)
    printf 'cargo-web\n' >"$tree/project/deps/apt-text.txt"
    printf '#!/bin/sh\necho "cargo 1.85.0 (f2d3ce0bd)"\n' >"$tree/bin/cargo"
    chmod +x "$tree/bin/cargo"
    setup
    check '[ $status = 0 ]'
    check '[ ! -e "$tree/calls" ]'
    printf '#!/bin/sh\necho "cargo 1.66.0"\n' >"$tree/bin/cargo"
    setup
    check '[ $status = 0 ]'
    check 'grep -q "install.*cargo-web" "$tree/calls"'
    ;;
  does_nothing_where_nothing_is_missing)
    setup
    without_python
    rm -r "$tree/index"
    setup
    check '[ $status = 0 ]'
    check '[ ! -s "$tree/out" ]'
    check '[ ! -e "$tree/calls" ]'
    ;;
  accepts_wheels_that_are_there)
    setup
    rm "$tree/project/.deps/.stamp"
    without_python
    setup
    check '[ $status = 0 ]'
    check '[ -s "$tree/project/.deps/.stamp" ]'
    ;;
  names_the_wheel_with_a_wrong_hash)
    pin 1.2.0 "$(printf %064d 0)"
    setup
    check '[ $status = 1 ]'
    says 'graft-wheel==1.2.0 has another hash'
    check '[ ! -e "$tree/project/.deps" ]'
    check '[ ! -e "$tree/project/.deps.new" ]'
    ;;
  names_the_wheel_that_cannot_be_had)
    setup
    pin 9.9.9 "$hash"
    setup
    check '[ $status = 1 ]'
    says 'could not get graft-wheel==9.9.9'
    is_unpacked # the old ones stay until there are new ones
    ;;
  heals_after_an_interruption)
    mkdir -p "$tree/project/.deps.new/graft_wheel" "$tree/project/.deps/half"
    setup
    check '[ $status = 0 ]'
    is_unpacked
    check '[ ! -e "$tree/project/.deps/half" ]'
    check '[ ! -e "$tree/project/.deps.new" ]'
    ;;
  names_the_package_that_apt_cannot_install)
    printf 'absent\n' >>"$tree/project/deps/apt.txt"
    setup
    check '[ $status = 1 ]'
    says 'knows no package absent'
    ;;
  installs_missing_packages_only)
    printf 'extra\n' >"$tree/project/deps/apt-demo.txt"
    setup demo
    check '[ $status = 0 ]'
    check 'grep -q "install.* extra\$" "$tree/calls"'
    check '! grep -q kept "$tree/calls"'
    ;;
  unpacks_the_wheels_of_a_group_beside)
    sed 's/^# pinned/# of a group/' "$tree/project/deps/wheels.txt" >"$tree/project/deps/wheels-train.txt"
    setup
    check '[ ! -e "$tree/project/.deps-train" ]'
    setup train
    check '[ $status = 0 ]'
    check '[ "$(cat "$tree/project/.deps-train/graft_wheel/data.txt")" = bytes ]'
    check '[ ! -e "$tree/project/.deps-train.new" ]'
    without_python
    setup train
    check '[ $status = 0 ]'
    check '[ ! -s "$tree/out" ]'
    ;;
  leaves_out_what_of_a_wheel_nobody_needs)
    "$python" - "$tree/index/graft_wheel-1.2.0-py3-none-any.whl" <<'MORE'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "a") as wheel:
    wheel.writestr("torch/lib/libtorch_cpu.so", "kept")
    wheel.writestr("torch/lib/libtorch_python.so", "left out")
    wheel.writestr("torchgen/model.py", "left out")
MORE
    pin 1.2.0 "$(sha256sum "$tree/index/graft_wheel-1.2.0-py3-none-any.whl" | cut -d' ' -f1)"
    mv "$tree/project/deps/wheels.txt" "$tree/project/deps/wheels-train.txt"
    printf '# none\n' >"$tree/project/deps/wheels.txt"
    mkdir "$tree/project/.deps"
    cat "$tree/project/deps/wheels.txt" "$tree/project/deps/models.txt" | sha256sum | cut -d' ' -f1 >"$tree/project/.deps/.stamp"
    setup train
    check '[ $status = 0 ]'
    check '[ -e "$tree/project/.deps-train/torch/lib/libtorch_cpu.so" ]'
    check '[ ! -e "$tree/project/.deps-train/torch/lib/libtorch_python.so" ]'
    check '[ ! -e "$tree/project/.deps-train/torchgen" ]'
    ;;
  refuses_an_unknown_group)
    setup nonsense
    check '[ $status = 1 ]'
    says "no group 'nonsense'"
    ;;
  *)
    echo "no case $case"
    exit 2
    ;;
esac

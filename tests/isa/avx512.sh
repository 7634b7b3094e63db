#!/bin/bash
# avx512.sh [THIN]: compares the bits of the AVX-512 kernels with those of the AVX2 kernels on a machine without AVX-512:
# runs isa_hash, on one in THIN (11) of its elements, under Linux on a processor that Bochs emulates, for both, since Bochs
# 2.7 errs in a few operations (ties to float16, some fused products). Needs Debian's bochs and bochs-term; fetches the
# other packages that it reads.
set -eu
thin=${1:-11}
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$source/../../build/avx512
mkdir -p "$work/packages" "$work/root" "$work/files"
cd "$work"
if ! command -v bochs >/dev/null; then
    echo "Please install bochs and bochs-term" >&2
    exit 77
fi

cmake -S "$source" -B isa -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXE_LINKER_FLAGS=-static >build.log
cmake --build isa >>build.log

if [ ! -e packages/boot ]; then
    kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: //p')
    (cd packages && apt-get -qq -o APT::Sandbox::User=root download "$kernel" grub-common grub-pc-bin cpio)
    for package in packages/*.deb; do
        dpkg-deb -x "$package" packages
    done
fi
grub=packages/usr/lib/grub/i386-pc

# The guest's first process: runs the program twice, waits until the serial port has sent everything, and stops Bochs.
cat >init.c <<'END'
#include <sys/io.h>
#include <sys/wait.h>
#include <unistd.h>
static void run(char *isa, char *thin) {
    if (fork() == 0)
        execv("/isa_hash", (char *[]){"isa_hash", isa, thin, NULL});
    wait(NULL);
}
int main(int argc, char **argv) {
    run("avx2", argv[argc - 1]);
    run("avx512", argv[argc - 1]);
    sleep(1);
    iopl(3);
    for (const char *c = "Shutdown"; *c; c++)
        outb(*c, 0x8900);
}
END
cc -O2 -static init.c -o root/init
cp isa/isa_hash root
(cd root && find . | ../packages/bin/cpio --quiet -o -H newc) >files/initrd
cp packages/boot/vmlinuz-* files/vmlinuz

# One disk to start from, and one that is a tar file. Linux with XSAVEC, whose size Bochs misstates, does without AVX.
cat >grub.cfg <<END
linux (hd1)/vmlinuz console=ttyS0,115200 quiet mitigations=off clearcpuid=xsaves,xsavec -- $thin
initrd (hd1)/initrd
boot
END
packages/usr/bin/grub-mkimage -d $grub -O i386-pc -p / -c grub.cfg -o core.img biosdisk tar linux
cat $grub/boot.img core.img >boot.disk
tar -C files --format=ustar -cf files.disk vmlinuz initrd
truncate -s %516096 boot.disk files.disk # whole cylinders
cat >bochsrc <<'END'
display_library: term
cpu: model=corei7_skylake_x, ips=40000000
memory: guest=256, host=256
romimage: file=$BXSHARE/BIOS-bochs-latest
vgaromimage: file=$BXSHARE/VGABIOS-lgpl-latest
ata0-master: type=disk, path=boot.disk
ata0-slave: type=disk, path=files.disk
boot: disk
com1: enabled=1, mode=file, dev=serial.txt
panic: action=fatal
error: action=ignore
log: bochs.log
END
echo continue >debugger
rm -f ./*.disk.lock serial.txt
TERM=vt100 script -qec 'bochs -q -f bochsrc -rc debugger' screen.txt </dev/null >/dev/null || true

hashes() { tr -d '\r' <serial.txt | sed -n "s/ $1 \([0-9a-f]\{16\}\)$/ \1/p"; }
hashes avx2 >avx2.txt
hashes avx512 >avx512.txt
diff avx2.txt avx512.txt || exit 1
functions=$(wc -l <avx512.txt)
[ "$functions" -ge 600 ] || { echo "only $functions functions; see $PWD/serial.txt" >&2 && exit 1; }
echo "$functions functions have the same bits"

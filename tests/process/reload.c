/* A plugin host loads and unloads the library a thousand times, using it in between: no thread, file or memory leaks.
 */
#include "exercise.h"

#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

enum { ROUNDS = 1000, WARM = 20 };

static long resident_kib(void) {
    long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    REQUIRE(file != NULL);
    REQUIRE(fscanf(file, "%ld %ld", &size, &resident) == 2);
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

int main(int argc, char **argv) {
    int threads = 0, files = 0;
    long resident = 0;
    REQUIRE(argc == 2);
    for (int round = 0; round < ROUNDS; round++) {
        void *library =
            api_open(argv[1], (round & 1 ? RTLD_LOCAL : RTLD_GLOBAL) | (round & 2 ? RTLD_NOW : RTLD_LAZY));
        REQUIRE(act_set_num_threads(3) == ACT_OK);
        REQUIRE(sign_of_life(round % 50 == 0 ? 1 << 18 : 100) == 0); /* workers start in the first round */
        REQUIRE(dlclose(library) == 0);
        if (round == WARM) {
            threads = count_entries("/proc/self/task");
            files = count_entries("/proc/self/fd");
            resident = resident_kib();
        }
    }
    REQUIRE(files > 0 && count_entries("/proc/self/fd") == files);
    REQUIRE(count_entries("/proc/self/task") == threads);
    const long grown = resident_kib() - resident;
    if (grown > 4096) {
        fprintf(stderr, "grew by %ld KiB\n", grown);
        return 1;
    }
    return 0;
}

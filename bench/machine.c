/* See machine.h. Reads /proc and /sys; what is not there is left out. */
#include "machine.h"

#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

static bool first_line(char *text, int size, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    const bool ok = fgets(text, size, file) != NULL;
    fclose(file);
    text[ok ? strcspn(text, "\n") : 0] = '\0';
    return ok;
}

/* The value of the first line "key ... : value" of a file. */
static bool value_of(char *text, int size, const char *path, const char *key) {
    FILE *file = fopen(path, "r");
    bool found = false;
    if (!file)
        return false;
    while (!found && fgets(text, size, file)) {
        const char *colon = strchr(text, ':');
        found = colon && !strncmp(text, key, strlen(key));
        if (found) {
            colon += 1 + strspn(colon + 1, " \t");
            memmove(text, colon, strlen(colon) + 1);
            text[strcspn(text, "\n")] = '\0';
        }
    }
    fclose(file);
    return found;
}

static void describe_caches(json *j) {
    char path[96], level[8], type[32], size[32], text[128] = "";
    for (int i = 0; i < 8; i++) {
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/level", i);
        if (!first_line(level, sizeof level, path))
            break;
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/type", i);
        first_line(type, sizeof type, path);
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", i);
        if (!first_line(size, sizeof size, path) || !strcmp(type, "Instruction"))
            continue;
        const size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%sL%s %s", used ? ", " : "", level, size);
    }
    json_text(j, "caches", text);
}

void machine_describe(json *j) {
    char text[256];
    struct utsname system;
    if (value_of(text, sizeof text, "/proc/cpuinfo", "model name"))
        json_text(j, "processor", text);
    if (uname(&system) == 0) {
        json_text(j, "architecture", system.machine);
        snprintf(text, sizeof text, "%.20s %.200s", system.sysname, system.release);
        json_text(j, "kernel", text);
    }
    json_integer(j, "processors", machine_processors());
    describe_caches(j);
    uint64_t kilobytes;
    if (value_of(text, sizeof text, "/proc/meminfo", "MemTotal") && sscanf(text, "%" SCNu64, &kilobytes) == 1)
        json_number(j, "memory_gib", (double)kilobytes / 1048576);
    if (first_line(text, sizeof text, "/sys/kernel/mm/transparent_hugepage/shmem_enabled"))
        json_text(j, "huge_pages_of_shared_memory", text);
    FILE *release = fopen("/etc/os-release", "r");
    while (release && fgets(text, sizeof text, release)) {
        char name[128];
        if (sscanf(text, "PRETTY_NAME=\"%127[^\"]", name) == 1)
            json_text(j, "system", name);
    }
    if (release)
        fclose(release);
}

uint64_t machine_available(void) {
    char text[256];
    uint64_t kilobytes;
    if (!value_of(text, sizeof text, "/proc/meminfo", "MemAvailable") || sscanf(text, "%" SCNu64, &kilobytes) != 1)
        return UINT64_MAX;
    return kilobytes * 1024;
}

int machine_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* Ticks of all processors since the start: all of them, and those without work. */
static bool ticks(double *all, double *idle) {
    char text[256];
    double t[8] = {0};
    if (!first_line(text, sizeof text, "/proc/stat") ||
        sscanf(text, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", t, t + 1, t + 2, t + 3, t + 4, t + 5, t + 6, t + 7) < 8)
        return false;
    *all = t[0] + t[1] + t[2] + t[3] + t[4] + t[5] + t[6] + t[7];
    *idle = t[3] + t[4];
    return true;
}

double machine_busy(void) {
    double all[2], idle[2];
    const struct timespec pause = {0, 200000000};
    if (!ticks(&all[0], &idle[0]))
        return 0;
    nanosleep(&pause, NULL);
    if (!ticks(&all[1], &idle[1]) || all[1] <= all[0])
        return 0;
    return 1 - (idle[1] - idle[0]) / (all[1] - all[0]);
}

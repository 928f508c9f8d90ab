/* What SQLite can do without a service in front of it: one connection that runs an operation over and over, with the
 * service's own settings, either committing each by itself or so many together.
 *
 *   loop DATABASE OPERATION SECONDS GROUP RUN RESIDENTS
 *
 * OPERATION is a file of lines, written by limit_sqlite.rs:
 *   B, C                     BEGIN and COMMIT; left out when operations are committed together
 *   S NAME PARAMETERS SQL    a statement (SQL in hexadecimal); NAME: its one row is kept under it, unless it is -
 * and after each S one line a parameter:
 *   n | i NUMBER | t HEX | b HEX     NULL, integer, text, bytes
 *   u K | w K                        the K-th new identifier, new text
 *   r BASE | h BASE                  an identifier of this turn's resident, of a handler
 *   c NAME_COLUMN                    a column of a row that was kept
 * Prints operations and seconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sqlite3.h"

enum { LIMIT = 400, KEPT = 200, HANDLERS = 32 };

struct value { char kind; sqlite3_int64 number; unsigned char *bytes; int length; };
struct line { char kind; char name[32]; int count; sqlite3_stmt *stmt; struct value *values; };
struct kept { char name[96]; sqlite3_value *value; };

static sqlite3 *db;
static struct line lines[LIMIT];
static int line_count;
static struct kept kept[KEPT];
static int kept_count;

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, db ? sqlite3_errmsg(db) : "");
    exit(1);
}

static void execute(const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail(sql);
}

static unsigned char *from_hex(const char *hex, int *length) {
    *length = (int)(strlen(hex) / 2);
    unsigned char *bytes = malloc((size_t)*length + 1);
    for (int i = 0; i < *length; i++) {
        unsigned byte;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1) fail("bad hexadecimal digits");
        bytes[i] = (unsigned char)byte;
    }
    bytes[*length] = 0;
    return bytes;
}

static void read_value(FILE *file, struct value *value) {
    static char text[1 << 20];
    if (fscanf(file, " %c", &value->kind) != 1) fail("a parameter is missing");
    switch (value->kind) {
    case 'n': return;
    case 'i': case 'u': case 'w': case 'r': case 'h':
        if (fscanf(file, "%lld", &value->number) != 1) fail("a number is missing");
        return;
    case 't': case 'b': case 'c':
        /* An empty text is a dash. */
        if (fscanf(file, "%1048575s", text) != 1) fail("a text is missing");
        if (value->kind == 'c') { value->bytes = (unsigned char *)strdup(text); return; }
        value->bytes = from_hex(text[0] == '-' ? "" : text, &value->length);
        return;
    default: fail("an unknown kind of parameter");
    }
}

static void read_operation(const char *path) {
    static char hex[1 << 20];
    FILE *file = fopen(path, "r");
    if (!file) fail(path);
    char kind;
    while (fscanf(file, " %c", &kind) == 1) {
        if (line_count == LIMIT) fail("too many statements");
        struct line *line = &lines[line_count++];
        line->kind = kind;
        if (kind != 'S') continue;
        if (fscanf(file, "%31s %d %1048575s", line->name, &line->count, hex) != 3) fail("bad statement");
        int length;
        char *sql = (char *)from_hex(hex, &length);
        if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &line->stmt, NULL) != SQLITE_OK) fail(sql);
        line->values = calloc((size_t)line->count + 1, sizeof *line->values);
        for (int i = 0; i < line->count; i++) read_value(file, &line->values[i]);
    }
    fclose(file);
}

static void identifier(unsigned char *bytes, unsigned long long number) {
    memset(bytes, 0, 8);
    for (int i = 0; i < 8; i++) bytes[8 + i] = (unsigned char)(number >> (8 * (7 - i)));
}

static void bind(struct line *line, int at, unsigned long long base, int resident, int handler) {
    struct value *value = &line->values[at];
    char name[16];
    snprintf(name, sizeof name, "$%d", at + 1);
    int place = sqlite3_bind_parameter_index(line->stmt, name);
    unsigned char bytes[16];
    int outcome = SQLITE_OK;
    if (place == 0) fail("a parameter without place");
    switch (value->kind) {
    case 'n': outcome = sqlite3_bind_null(line->stmt, place); break;
    case 'i': outcome = sqlite3_bind_int64(line->stmt, place, value->number); break;
    case 't': outcome = sqlite3_bind_text(line->stmt, place, (char *)value->bytes, value->length, SQLITE_STATIC); break;
    case 'b': outcome = sqlite3_bind_blob(line->stmt, place, value->bytes, value->length, SQLITE_STATIC); break;
    case 'u': case 'r': case 'h':
        identifier(bytes, value->kind == 'u' ? base + (unsigned long long)value->number
            : (unsigned long long)value->number + (unsigned long long)(value->kind == 'r' ? resident : handler));
        outcome = sqlite3_bind_blob(line->stmt, place, bytes, 16, SQLITE_TRANSIENT);
        break;
    case 'w':
        snprintf((char *)name, sizeof name, "%llx", (base + 200 + (unsigned long long)value->number) & 0xffffffffffffffULL);
        outcome = sqlite3_bind_text(line->stmt, place, name, -1, SQLITE_TRANSIENT);
        break;
    case 'c': {
        int found = 0;
        for (int i = 0; i < kept_count && !found; i++)
            if (strcmp(kept[i].name, (char *)value->bytes) == 0) {
                outcome = sqlite3_bind_value(line->stmt, place, kept[i].value);
                found = 1;
            }
        if (!found) fail("no such row was kept");
        break;
    }
    }
    if (outcome != SQLITE_OK) fail("binding");
}

static void keep(struct line *line) {
    for (int i = 0; i < sqlite3_column_count(line->stmt); i++) {
        struct kept new, *place = NULL;
        snprintf(new.name, sizeof new.name, "%s_%s", line->name, sqlite3_column_name(line->stmt, i));
        new.value = sqlite3_value_dup(sqlite3_column_value(line->stmt, i));
        for (int k = 0; k < kept_count && !place; k++)
            if (strcmp(kept[k].name, new.name) == 0) place = &kept[k];
        if (!place && kept_count == KEPT) fail("too many columns");
        if (place) sqlite3_value_free(place->value); else place = &kept[kept_count++];
        *place = new;
    }
}

static void operate(int alone, unsigned long long base, int resident, int handler) {
    for (int i = 0; i < line_count; i++) {
        struct line *line = &lines[i];
        if (line->kind == 'B') { if (alone) execute("BEGIN IMMEDIATE"); continue; }
        if (line->kind == 'C') { if (alone) execute("COMMIT"); continue; }
        for (int at = 0; at < line->count; at++) bind(line, at, base, resident, handler);
        int outcome, rows = 0;
        while ((outcome = sqlite3_step(line->stmt)) == SQLITE_ROW) {
            /* Columns are read, as a caller would. */
            for (int column = 0; column < sqlite3_column_count(line->stmt); column++) sqlite3_column_bytes(line->stmt, column);
            if (line->name[0] != '-') keep(line);
            rows++;
        }
        if (outcome != SQLITE_DONE) fail(sqlite3_sql(line->stmt));
        if (line->name[0] != '-' && rows != 1) fail("not one row");
        sqlite3_reset(line->stmt);
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 7) fail("loop DATABASE OPERATION SECONDS GROUP RUN RESIDENTS");
    double seconds = atof(arguments[3]);
    int group = atoi(arguments[4]), run = atoi(arguments[5]), residents = atoi(arguments[6]);
    if (sqlite3_open(arguments[1], &db) != SQLITE_OK) fail(arguments[1]);
    execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
            "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;");
    read_operation(arguments[2]);
    unsigned long long base = 0x4000000000000000ULL + ((unsigned long long)run << 50);
    long done = 0;
    double begun = now(), ended = begun;
    while (ended - begun < seconds) {
        if (group > 1) execute("BEGIN IMMEDIATE");
        for (int i = 0; i < group; i++, done++) {
            /* The same for everybody: 256 identifiers an operation. */
            operate(group == 1, base + (unsigned long long)done * 256, rand() % residents, (int)(done % HANDLERS));
        }
        if (group > 1) execute("COMMIT");
        ended = now();
    }
    printf("%ld %f\n", done, ended - begun);
    return 0;
}

/* One case of the conformance suite, read from the lines that flatten.py writes. */
#ifndef ZIMG_CONFORMANCE_CASE_H
#define ZIMG_CONFORMANCE_CASE_H

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { kMostFields = 64 };

typedef struct Field {
  char* name;
  char* value; /* unescaped; may hold NUL */
  size_t size;
} Field;

typedef struct Case {
  Field fields[kMostFields];
  size_t count;
} Case;

/* Reads up to the line `end`. 1: a case was read, 0: there is none any more; what cannot be read ends the program. */
int read_case(FILE* file, Case* out);
void free_case(Case* subject);

/* The field of that name, or NULL. */
const Field* find_field(const Case* subject, const char* name);
/* Its number, or `absent` where there is no such field. */
double number_of(const Case* subject, const char* name, double absent);

#ifdef __cplusplus
}
#endif

#endif /* ZIMG_CONFORMANCE_CASE_H */

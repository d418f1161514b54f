#include "case.h"

#include <stdlib.h>
#include <string.h>

enum { kLongestLine = 1 << 16 };

static void stop(const char* why, const char* what) {
  fprintf(stderr, "the cases cannot be read: %s: %s\n", why, what);
  exit(2);
}

static char* copy_of(const char* text, size_t size) {
  char* copy = malloc(size + 1);
  if (copy == NULL) stop("out of memory", text);
  memcpy(copy, text, size);
  copy[size] = '\0';
  return copy;
}

/* In place; returns the length that is left. */
static size_t unescape(char* text) {
  char* to = text;
  const char* from = text;
  for (; *from != '\0'; ++from) {
    if (*from != '\\') {
      *to++ = *from;
      continue;
    }
    switch (*++from) {
      case '\\':
        *to++ = '\\';
        break;
      case 'n':
        *to++ = '\n';
        break;
      case 'r':
        *to++ = '\r';
        break;
      case 't':
        *to++ = '\t';
        break;
      case '0':
        *to++ = '\0';
        break;
      default:
        stop("an escape that is none", text);
    }
  }
  return (size_t)(to - text);
}

int read_case(FILE* file, Case* out) {
  static char line[kLongestLine];
  out->count = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    char* tab = strchr(line, '\t');
    char* end = strchr(line, '\n');
    Field* field = &out->fields[out->count];
    if (tab == NULL || end == NULL) stop("a line without its tab or its end", line);
    *tab = '\0';
    *end = '\0';
    if (strcmp(line, "end") == 0) return 1;
    if (out->count == kMostFields) stop("too many fields", line);
    field->name = copy_of(line, (size_t)(tab - line));
    field->size = unescape(tab + 1);
    field->value = copy_of(tab + 1, field->size);
    ++out->count;
  }
  if (out->count != 0) stop("a case without its end", out->fields[0].value);
  return 0;
}

void free_case(Case* subject) {
  size_t i;
  for (i = 0; i < subject->count; ++i) {
    free(subject->fields[i].name);
    free(subject->fields[i].value);
  }
  subject->count = 0;
}

const Field* find_field(const Case* subject, const char* name) {
  size_t i;
  for (i = 0; i < subject->count; ++i) {
    if (strcmp(subject->fields[i].name, name) == 0) return &subject->fields[i];
  }
  return NULL;
}

double number_of(const Case* subject, const char* name, double absent) {
  const Field* field = find_field(subject, name);
  return field == NULL ? absent : strtod(field->value, NULL);
}

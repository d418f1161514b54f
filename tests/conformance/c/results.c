#include "results.h"

#include <inttypes.h>
#include <stdlib.h>

static void write_escaped(FILE* file, const char* text, size_t size) {
  static const char kEscaped[] = "\\\n\r\t";
  static const char kLetters[] = "\\nrt";
  size_t i;
  for (i = 0; i < size; ++i) {
    int k = 0;
    while (kEscaped[k] != '\0' && kEscaped[k] != text[i]) ++k;
    if (text[i] == '\0') {
      fputs("\\0", file);
    } else if (kEscaped[k] != '\0') {
      fprintf(file, "\\%c", kLetters[k]);
    } else {
      fputc(text[i], file);
    }
  }
}

void write_text(const Results* results, const char* field, const char* text, size_t size) {
  fprintf(results->file, "%s\t", field);
  write_escaped(results->file, text, size);
  fputc('\n', results->file);
}

void write_number(const Results* results, const char* field, int64_t number) {
  fprintf(results->file, "%s\t%" PRId64 "\n", field, number);
}

void write_thousandths(const Results* results, const char* field, double number) {
  write_number(results, field, (int64_t)(number * 1000 + 0.5));
}

void write_hex(const Results* results, const char* field, const uint8_t* bytes, size_t size) {
  size_t i;
  fprintf(results->file, "%s\t", field);
  for (i = 0; i < size; ++i) fprintf(results->file, "%02x", bytes[i]);
  fputc('\n', results->file);
}

void write_octets(const Results* results, int number, const uint8_t* bytes, size_t size) {
  char path[4096];
  FILE* file;
  snprintf(path, sizeof path, "%s/%s.%d", results->folder, results->name, number);
  file = fopen(path, "wb");
  if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
    perror(path);
    exit(2);
  }
}

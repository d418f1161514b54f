/* Writes what the cases gave, in the form that README.md tells. */
#ifndef ZIMG_CONFORMANCE_RESULTS_H
#define ZIMG_CONFORMANCE_RESULTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct Results {
  FILE* file;
  const char* folder;
  const char* name; /* of the case */
} Results;

void write_text(const Results* results, const char* field, const char* text, size_t size);
void write_number(const Results* results, const char* field, int64_t number);
/* In thousandths, rounded. */
void write_thousandths(const Results* results, const char* field, double number);
void write_hex(const Results* results, const char* field, const uint8_t* bytes, size_t size);
/* As the file <case>.<number> beside the results. */
void write_octets(const Results* results, int number, const uint8_t* bytes, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* ZIMG_CONFORMANCE_RESULTS_H */

/* Puts the fields of a case into handles. */
#ifndef ZIMG_CONFORMANCE_FILL_H
#define ZIMG_CONFORMANCE_FILL_H

#include <zimg/zimg.h>

#include "case.h"

/* What belongs to a request besides its handle. */
typedef struct Seen {
  int steps; /* that the progress callback saw */
  int previews;
  zimg_cancel_token* token; /* to be cancelled before the drawing; NULL where the case has none. Owned by the caller */
} Seen;

zimg_status fill_options(const Case* subject, zimg_options* options, zimg_error** out_error);
zimg_status fill_request(const Case* subject, zimg_request* request, Seen* seen, zimg_error** out_error);
zimg_status fill_entry(const Case* subject, zimg_entry* entry, zimg_error** out_error);

#endif /* ZIMG_CONFORMANCE_FILL_H */

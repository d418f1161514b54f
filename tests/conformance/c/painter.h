/* The pipeline of the conformance suite, which README.md describes. */
#ifndef ZIMG_CONFORMANCE_PAINTER_H
#define ZIMG_CONFORMANCE_PAINTER_H

#include <zimg/zimg.h>

/* Sets it in `options`. `kind` is "paints", "fails" or "lies". */
zimg_status set_painter(zimg_options* options, const char* kind, zimg_error** out_error);

#endif /* ZIMG_CONFORMANCE_PAINTER_H */

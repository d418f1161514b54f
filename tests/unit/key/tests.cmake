foreach(subject quotes folding schedule canonical_request picture_key)
  zimg_add_test(unit key ${subject})
endforeach()

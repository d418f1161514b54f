foreach(subject metrics)
  zimg_add_test(unit telemetry ${subject})
endforeach()

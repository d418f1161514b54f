zimg_add_test(unit base hex)
zimg_add_test(unit base namespace_name)
zimg_add_test(unit base processor)
zimg_add_test(unit base sha256)

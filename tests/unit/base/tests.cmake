zimg_add_test(unit base hex)
zimg_add_test(unit base sha256)

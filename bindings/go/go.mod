module zimg

go 1.19

# What `cmake --install` puts where. The engine module lies beside the library, the built-in model under share/zimg.
install(DIRECTORY include/zimg DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")

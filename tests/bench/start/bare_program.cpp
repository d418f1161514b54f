// The same program without libzimg, with the C++ runtime alone.
#include <iostream>

int main() {
  std::cout << "0.0.0\n";
  return 0;
}

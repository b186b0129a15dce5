// Makes a small data set for the programs that the tests build: two classes of 12 BMP pictures, dark squares on light
// and stripes. Usage: make_pictures FOLDER
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

constexpr int kSide = 32;
constexpr int kHeader = 54;

void put(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint32_t value) {
  for (int byte = 0; byte < 4; ++byte) bytes[at + byte] = static_cast<std::uint8_t>(value >> (8 * byte));
}

/// A 24-bit BMP file whose grey values are `pixel(x, y)`.
template <typename Pixel>
void write_bmp(const std::filesystem::path& path, Pixel pixel) {
  std::vector<std::uint8_t> bytes(kHeader + kSide * kSide * 3, 0);
  bytes[0] = 'B';
  bytes[1] = 'M';
  put(bytes, 2, static_cast<std::uint32_t>(bytes.size()));
  put(bytes, 10, kHeader);
  put(bytes, 14, 40);
  put(bytes, 18, kSide);
  put(bytes, 22, kSide);
  put(bytes, 26, 1 | 24U << 16);
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x)
      for (int channel = 0; channel < 3; ++channel) bytes[kHeader + (y * kSide + x) * 3 + channel] = pixel(x, y);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path root = argv[1];
  std::filesystem::remove_all(root);
  std::filesystem::create_directories(root / "square");
  std::filesystem::create_directories(root / "stripes");
  for (int number = 0; number < 12; ++number) {
    const std::string name = std::to_string(number) + ".bmp";
    write_bmp(root / "square" / name, [number](int x, int y) {
      const bool inside = x > number && x < number + 16 && y > 8 && y < 24;
      return static_cast<std::uint8_t>(inside ? 20 + number : 220);
    });
    write_bmp(root / "stripes" / name, [number](int x, int) {
      return static_cast<std::uint8_t>((x + number) / 3 % 2 == 0 ? 20 : 220 - number);
    });
  }
}

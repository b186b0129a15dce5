#include "enxerto/zoo/frame_products.h"

#include <vector>

#include <fmt/format.h>

namespace enxerto {
namespace {

constexpr std::int64_t kQuarters = 4;

}  // namespace

std::string frame_products(GraphBuilder& net, const std::string& x, const std::string& kernel, const std::string& name,
                           std::int64_t hop) {
  using Ints = std::vector<std::int64_t>;
  const SymbolicShape shape = net.shape_of(x);
  const std::int64_t window = net.shape_of(kernel).back().size, axis = std::ssize(shape) - 1;
  Ints strides(shape.size() - 2, 1);
  strides.back() = hop;
  if (shape.back().is_symbolic() || window % kQuarters != 0)
    return net.add("Conv", name, {x, kernel}, {{"strides", strides}});
  const std::int64_t samples = shape.back().size, part = window / kQuarters;
  const auto cut = [&](const std::string& of, const std::string& called, std::int64_t from, std::int64_t to) {
    return net.add("Slice", called, {of, net.integers({from}), net.integers({to}), net.integers({axis})});
  };
  std::string sum;
  for (std::int64_t i = 0; i < kQuarters; ++i) {
    const std::string scope = fmt::format("{}.{}", name, i);
    const std::string heard = cut(x, scope + ".heard", i * part, samples - (kQuarters - 1 - i) * part);
    const std::string own = cut(kernel, scope + ".kernel", i * part, (i + 1) * part);
    const std::string product = net.add("Conv", scope, {heard, own}, {{"strides", strides}});
    sum = i == 0 ? product : net.add("Add", i + 1 == kQuarters ? name : scope + ".sum", {sum, product});
  }
  return sum;
}

}  // namespace enxerto

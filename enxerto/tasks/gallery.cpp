#include "enxerto/tasks/gallery.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "enxerto/base/base64.h"
#include "enxerto/base/error.h"
#include "enxerto/base/few_names.h"
#include "enxerto/base/nearest.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/identities.h"
#include "enxerto/data/name_form.h"

namespace enxerto {
namespace {

[[noreturn]] void refuse_gallery(std::string_view where, std::string found, std::string expected) {
  throw weights_error(std::string(where), std::move(found), std::move(expected));
}

}  // namespace

void refuse_names_of_nobody(std::span<const std::string> names) {
  for (const std::string& name : names)
    if (first_look_alikes(std::vector<std::string>{name, std::string(kNobodyKnown)}))
      throw usage_error("identities", fmt::format("'{}', which is said of strangers", name), "another name",
                        "call it otherwise, or, where these are strangers, leave it out of what is learned from: "
                        "'enxerto evaluate' measures by it how many of them are named");
}

Tensor Gallery::templates() const {
  TensorBuffer buffer(DType::f32, {static_cast<std::int64_t>(names.size()), width});
  const auto out = buffer.as<float>();
  for (std::size_t i = 0, each = to_size(width); i < names.size(); ++i) {
    double squares = 0;
    for (std::size_t k = 0; k < each; ++k) squares += std::pow(static_cast<double>(means[i * each + k]), 2);
    const double length = squares > 0 ? std::sqrt(squares) : 1;
    for (std::size_t k = 0; k < each; ++k)
      out[i * each + k] = static_cast<float>(static_cast<double>(means[i * each + k]) / length);
  }
  return std::move(buffer).freeze();
}

void Gallery::add(const std::string& name, std::span<const float> vectors) {
  if (name.empty() || name.find_first_of("\r\n\t") != std::string::npos)
    throw usage_error("the name of an identity", name.empty() ? "nothing" : "tabs or line ends", "a name");
  const std::size_t each = to_size(width), added = each == 0 ? 0 : vectors.size() / each;
  if (added == 0 || vectors.size() % each != 0)
    throw data_error(name, fmt::format("vectors of {} numbers", vectors.size()),
                     fmt::format("at least one of {}", width));
  auto place = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
  if (place == names.size()) {
    std::vector<std::string> all = names;
    all.push_back(name);
    refuse_alike_identities(all, "the name of an identity");
    refuse_names_of_nobody(all);
    names.push_back(name);
    examples.push_back(0);
    means.resize(means.size() + each);
  }
  const auto before = static_cast<double>(examples[place]), all = before + static_cast<double>(added);
  for (std::size_t k = 0; k < each; ++k) {
    double sum = static_cast<double>(means[place * each + k]) * before;
    for (std::size_t i = 0; i < added; ++i) sum += static_cast<double>(vectors[i * each + k]);
    means[place * each + k] = static_cast<float>(sum / all);
  }
  examples[place] += added;
}

void Gallery::remove(const std::string& name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    throw usage_error("the name of an identity", fmt::format("'{}'{}", name, did_you_mean(name, names)),
                      fmt::format("one that is known: {}", few_names(names)));
  if (names.size() == 1)
    throw usage_error(name, "the last identity that is known", "somebody who stays known", "add another before");
  const auto place = found - names.begin();
  const auto each = static_cast<std::ptrdiff_t>(width);
  means.erase(means.begin() + place * each, means.begin() + (place + 1) * each);
  examples.erase(examples.begin() + place);
  names.erase(found);
}

void put_gallery(const Gallery& gallery, Json& record) {
  record["names"] = gallery.names;
  record["gallery"] = {{"examples", gallery.examples}, {"means", to_base64(std::as_bytes(std::span(gallery.means)))}};
}

Gallery gallery_from_record(const Json& record, std::string_view where) {
  Gallery gallery;
  gallery.names = member<std::vector<std::string>>(record, "names", where, ErrorKind::weights);
  gallery.width = member<std::int64_t>(record, "width", where, ErrorKind::weights);
  const auto stored = record.find("gallery");
  if (stored == record.end() || !stored->is_object()) refuse_gallery(where, "no gallery", "who is known");
  gallery.examples = member<std::vector<std::size_t>>(*stored, "examples", where, ErrorKind::weights);
  const std::optional<std::vector<std::byte>> bytes =
      from_base64(member<std::string>(*stored, "means", where, ErrorKind::weights));
  const std::size_t numbers = gallery.names.size() * to_size(std::max<std::int64_t>(gallery.width, 0));
  if (!bytes || bytes->size() != numbers * sizeof(float) || gallery.examples.size() != gallery.names.size())
    refuse_gallery(where, "a gallery that is cut off",
                   fmt::format("a vector of {} numbers for each of {} names", gallery.width, gallery.names.size()));
  gallery.means.resize(numbers);
  std::memcpy(gallery.means.data(), bytes->data(), bytes->size());
  if (std::ranges::any_of(gallery.means, [](float value) { return !std::isfinite(value); }))
    refuse_gallery(where, "a gallery with values that are not finite", "numbers");
  return gallery;
}

}  // namespace enxerto

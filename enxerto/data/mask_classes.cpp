#include "enxerto/data/mask_classes.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/colour_table.h"
#include "enxerto/data/mask_target.h"

namespace enxerto {
namespace {

constexpr std::uint16_t kUsuallyIgnored = 255;
constexpr std::size_t kValueCount = 65536, kValuesNamed = 8;

/// True where the values are 0 and 255 and nothing else.
bool is_binary(const MaskValues& values) {
  return values.contains(kUsuallyIgnored) &&
         std::ranges::all_of(values, [](const auto& one) { return one.first == 0 || one.first == kUsuallyIgnored; });
}

class ClassesOfValues {
 public:
  ClassesOfValues(MaskNames names, const MaskValues& values, std::string where, const DataWatch& watch)
      : names_(std::move(names)),
        values_(values),
        where_(std::move(where)),
        progress_(watch.progress),
        faults_(watch.faults) {}

  MaskClasses find() {
    complete_names();
    require_names();
    for (const auto& [value, name] : names_.of_value)
      if (!is_ignored_name(name)) (void)class_number_of(name);
    if (names_.of_others && !is_ignored_name(*names_.of_others)) (void)class_number_of(*names_.of_others);
    classes_.ignores_others = names_.of_others && is_ignored_name(*names_.of_others);
    if (classes_.names.size() > kMostMaskClasses)
      throw data_error(where_, fmt::format("{} classes", classes_.names.size()),
                       fmt::format("at most {}", kMostMaskClasses), "give several values one name");
    classes_.class_of.assign(kValueCount, kIgnoredPixel);
    for (const auto& [value, found] : values_)
      if (const std::string* name = name_of(value); name != nullptr && !is_ignored_name(*name))
        classes_.class_of[value] = static_cast<std::uint8_t>(class_number_of(*name));
    going_on(faults_, [&] { require_several(); });
    notice_ignored();
    return std::move(classes_);
  }

 private:
  /// Where nobody says what values are called.
  void complete_names() {
    const bool binary = is_binary(values_);
    if (names_.empty()) {
      if (binary) going_on(faults_, [&] { refuse_binary(); });
      for (const auto& [value, found] : values_)
        if (value != kUsuallyIgnored) names_.of_value.emplace(value, std::to_string(value));
      progress_.notice(fmt::format("{}: no names for the values of the masks: {} of them are the names of the classes",
                                   where_, names_.of_value.size()));
    } else if (binary && !names_.numbered && names_.of_value.size() == 2) {
      names_.of_value.emplace(kUsuallyIgnored, names_.of_value.at(1));
      names_.of_value.erase(1);
      progress_.notice(fmt::format("{}: 255 in the masks is '{}', 0 is '{}'", where_,
                                   names_.of_value.at(kUsuallyIgnored), names_.of_value.at(0)));
    }
  }

  [[noreturn]] void refuse_binary() const {
    throw data_error(where_, "masks of 0 and 255 only, without names: 255 may be a class, or what is to be ignored",
                     "a file classes.txt beside the masks that says it",
                     "the lines '0 background' and '255 object', with your own names");
  }

  std::string shown_value(std::uint16_t value) const {
    return names_.colours ? names_.colours->shown(value) : std::to_string(value);
  }

  /// nullptr for a value that is ignored without a name, and for one that has none.
  const std::string* name_of(std::uint16_t value) const {
    if (const auto found = names_.of_value.find(value); found != names_.of_value.end()) return &found->second;
    if (value == kUsuallyIgnored) return nullptr;
    return names_.of_others ? &*names_.of_others : nullptr;
  }

  void require_names() const {
    std::vector<std::string> unnamed;
    std::size_t count = 0;
    for (const auto& [value, found] : values_) {
      if (value == kUsuallyIgnored || name_of(value) != nullptr) continue;
      std::string shown = fmt::format("{} ({}, {})", shown_value(value), counted(found.pixels, "pixel"), found.first);
      if (faults_.keeps()) faults_.add(without_name(fmt::format("a value without a name in the masks: {}", shown)));
      if (++count <= kValuesNamed) unnamed.push_back(std::move(shown));
    }
    if (count == 0 || faults_.keeps()) return;
    throw without_name(fmt::format("{} without a name in the masks: {}{}", counted(count, "value"),
                                   fmt::join(unnamed, "; "),
                                   count > kValuesNamed ? fmt::format("; and {} more", count - kValuesNamed) : ""));
  }

  Error without_name(std::string found) const {
    return data_error(where_, std::move(found), fmt::format("a name for each value in {}", names_.where),
                      "name them, as 'ignore' what is not to be learned; a line '* ignore' names all the others");
  }

  std::size_t class_number_of(const std::string& name) {
    const auto known = named_.find(name);
    if (known != named_.end()) return known->second;
    classes_.names.push_back(name);
    return named_[name] = classes_.names.size() - 1;
  }

  void require_several() const {
    std::set<std::uint8_t> there;
    for (const auto& [value, found] : values_) there.insert(classes_.class_of[value]);
    there.erase(kIgnoredPixel);
    if (there.size() > 1) return;
    throw data_error(where_,
                     there.empty() ? "masks of which every pixel is ignored"
                                   : fmt::format("masks with only one class, '{}'", classes_.names[*there.begin()]),
                     "pixels of at least two classes");
  }

  void notice_ignored() const {
    std::uint64_t ignored = 0, all = 0;
    std::vector<std::string> which;
    for (const auto& [value, found] : values_) {
      all += found.pixels;
      if (classes_.class_of[value] != kIgnoredPixel) continue;
      ignored += found.pixels;
      const std::string* name = name_of(value);
      const auto words = names_.in_words.find(value);
      if (which.size() < kValuesNamed && words != names_.in_words.end())
        which.push_back(words->second);
      else if (which.size() < kValuesNamed)
        which.push_back(name == nullptr ? shown_value(value) : fmt::format("{} ({})", shown_value(value), *name));
      else if (which.size() == kValuesNamed)
        which.emplace_back("..");
    }
    if (ignored == 0) return;
    progress_.notice(fmt::format("{}: {} of the masks' pixels are ignored: {}", where_,
                                 percent(static_cast<double>(ignored) / static_cast<double>(all)),
                                 fmt::join(which, ", ")));
  }

  MaskNames names_;
  const MaskValues& values_;
  std::string where_;
  Progress& progress_;
  DataFaults& faults_;
  std::map<std::string, std::size_t> named_;  // numbers of the classes by name
  MaskClasses classes_;
};

}  // namespace

MaskClasses mask_classes(const MaskNames& names, const MaskValues& values, const std::string& where,
                         const DataWatch& watch) {
  return ClassesOfValues(names, values, where, watch).find();
}

}  // namespace enxerto

#include <ctime>
#include <memory>
#include <string>

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/quantity.h"
#include "enxerto/engine/kept_networks.h"
#include "enxerto/features/cache.h"
#include "text.h"

namespace enxerto::cli {
namespace {

KeptNetworks networks_of(const FeatureCache& cache) { return KeptNetworks(cache.directory() / kNetworksFolder); }

std::shared_ptr<FeatureCache> open_cache(const std::string& directory) {
  return FeatureCache::open({.directory = directory, .limit_bytes = 0});
}

int print_status(const Session& session, const std::string& directory) {
  const auto cache = open_cache(directory);
  const auto spaces = cache->status();
  const std::uint64_t networks = networks_of(*cache).bytes();
  std::uint64_t bytes = 0;
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"space", "rows", "size", "last used", "what"}};
  for (const SpaceStatus& space : spaces) {
    bytes += space.bytes;
    list.push_back({{"id", space.id},
                    {"description", space.description},
                    {"rows", space.rows},
                    {"bytes", space.bytes},
                    {"last_used", space.last_used}});
    rows.push_back({space.id.substr(0, 12), fmt::format("{}", space.rows), format_bytes(space.bytes),
                    fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(static_cast<std::time_t>(space.last_used))),
                    space.description});
  }
  if (session.json) {
    session.print({{"spaces", list}, {"bytes", bytes}, {"network_bytes", networks}});
  } else if (spaces.empty() && networks == 0) {
    fmt::print("The cache is empty.\n");
  } else {
    if (!spaces.empty())
      fmt::print("{}{} in {}\n", table(rows), format_bytes(bytes), counted(spaces.size(), "feature space"));
    if (networks > 0) fmt::print("{} of compiled networks, at most 1 GiB\n", format_bytes(networks));
  }
  return 0;
}

/// What is damaged is removed before it is opened.
std::uint64_t clear(const std::string& directory) {
  const std::uint64_t freed = FeatureCache::clear_folder(directory);
  return freed + networks_of(*open_cache(directory)).clear();
}

int print_freed(const Session& session, std::uint64_t freed) {
  if (session.json) {
    session.print({{"freed_bytes", freed}});
  } else {
    fmt::print("freed {}\n", format_bytes(freed));
  }
  return 0;
}

}  // namespace

void add_cache(Command& app, Session& session) {
  Command* command = app.add_subcommand("cache", "Show, trim or clear the feature cache");
  struct Options {
    std::string directory, action = "status";
    double limit_gb = 20;
  };
  auto options = std::make_shared<Options>();
  command->add_option("ACTION", options->action, "What to do: status | trim | clear (status)")
      ->one_of({"status", "trim", "clear"});
  command->add_option("--cache", options->directory,
                      "Folder of the feature cache ($ENXERTO_CACHE or ~/.cache/enxerto)");
  command->add_option("--limit", options->limit_gb, "For trim: keep at most this many GB of features (20)")
      ->not_negative();
  command->callback([&session, options] {
    session.command = [&session, options] {
      if (options->action == "status") return print_status(session, options->directory);
      if (options->action == "clear") return print_freed(session, clear(options->directory));
      return print_freed(session,
                         open_cache(options->directory)->trim(static_cast<std::uint64_t>(options->limit_gb * 1e9)));
    };
  });
}

}  // namespace enxerto::cli

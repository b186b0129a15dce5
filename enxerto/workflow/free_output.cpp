#include "enxerto/workflow/free_output.h"

#include <filesystem>
#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/files/read.h"
#include "enxerto/files/writable_place.h"
#include "enxerto/report/epochs_csv.h"
#include "enxerto/report/html.h"
#include "enxerto/workflow/epoch_log.h"

namespace enxerto {
namespace {

void require_ours(const std::filesystem::path& path, bool (*is_ours)(std::string_view text)) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) return;
  if (std::filesystem::is_regular_file(path, failed)) {
    const MappedFile file(path, ErrorKind::usage);
    const auto bytes = file.bytes();
    if (is_ours({reinterpret_cast<const char*>(bytes.data()), bytes.size()})) return;
  }
  throw usage_error(path.string(), "exists and is of no run", "an unused name: a run writes it beside the model",
                    "move it elsewhere, or save the model under another name");
}

}  // namespace

void require_free_output(const Recipe::Output& output) {
  if (output.path.empty()) {
    throw usage_error("output.path", "missing", "where the model is to be saved");
  }
  require_writable_place(output.path);
  require_ours(beside_output(output.path, ".report.html"), is_report_html);
  require_ours(beside_output(output.path, ".epochs.csv"), is_epochs_csv);
  std::error_code ignored;
  if (const auto events = beside_output(output.path, ".tensorboard");
      std::filesystem::exists(events, ignored) && !std::filesystem::is_directory(events, ignored))
    throw usage_error(events.string(), "a file", "a folder or an unused name: a run writes its curves there",
                      "move it elsewhere, or save the model under another name");
  if (!std::filesystem::exists(std::filesystem::symlink_status(output.path, ignored))) return;
  if (!is_bundle(output.path)) {
    throw usage_error(output.path, "something else already exists", "an unused name or a saved model");
  }
  if (!output.replace) {
    throw usage_error(output.path, "a model already exists", "", "output.replace = true, or another output.path");
  }
  require_nothing_foreign(output.path);
}

}  // namespace enxerto

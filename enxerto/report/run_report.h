#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/metrics/history.h"
#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// One line of "what was done": {"Backbone", "efficientnet_lite0"}.
struct ReportFact {
  std::string name, value;
};

/// How long one part of the run took.
struct PartTime {
  std::string name;  ///< "extract features"
  double seconds = 0;
  std::string detail;  ///< "60,000 pictures, 1,200 a second"; may be empty
};

/// One l2 that was tried: figures of held-out parts of the training data by name, what it is chosen by at the front.
struct L2Row {
  double l2 = 0;
  std::vector<std::pair<std::string, double>> figures;
};

/// The arithmetic of the prefix and how far it is from fp32.
struct PrecisionReport {
  std::string chosen = "fp32";
  double min_cosine = 1;               ///< least over the sample's features
  std::optional<double> equal_labels;  ///< share of equal labels, where there was a head to compare with
  std::string reason;                  ///< one line
};

/// A picture that could not be used.
struct SkippedPicture {
  std::string id, reason;
};

/// One evaluation: on which pictures, and what came out.
struct Evaluation {
  std::string name;  ///< "test", "held out"
  std::string note;  ///< what these pictures were used for beside: "chose nothing"
  MetricsReport metrics;
};

/// One phase of training by gradient.
struct PhaseRow {
  std::string name;                  ///< "2: from layer4"
  std::vector<ReportFact> facts;     ///< what learned and how: optimizer, rate, epochs, batch size, ..
  PhaseHistory history;              ///< loss, val_loss, val_accuracy and other figures, learning_rate by epoch
  std::size_t best_epoch = 0;        ///< whose weights were kept, from 1; 0: the last one's
  bool best = false;                 ///< its weights are the model's
  std::vector<std::string> summary;  ///< what the curves say
};

/// Small renderings of examples, each a data URI. They show the user's data: only what stays with the user has them.
struct Previews {
  struct Mistake {
    std::string uri, id, truth, predicted;
    std::string text = {};   ///< of the example, where there is no picture of it
    std::string drawn = "";  ///< beside `uri`, which then shows the truth, what was predicted, where that has a place
  };
  struct Samples {
    std::string name;  ///< of the class
    std::vector<std::string> uris;
  };
  std::vector<Mistake> mistakes;       ///< the worst first
  std::vector<Mistake> best = {};      ///< where predictions have places: those that went best, the best first
  std::vector<Samples> samples;        ///< of each class, from the training part
  std::vector<std::string> augmented;  ///< one example as it is, then as random changes make it
};

/// What a model is for, as its card says it.
struct ModelWords {
  std::string purpose;        ///< "It says which of 3 classes a picture shows: ", before their names
  std::string use;            ///< what the command `predict` prints
  std::string details;        ///< a sentence on what report.html has beside the figures
  std::string limits;         ///< a sentence on what it is not for
  std::string drawings = {};  ///< what truth and prediction side by side show, as the end of a sentence
  struct Colour {
    std::string name, css;  ///< of a class, and "#20c0ff"
  };
  std::vector<Colour> legend = {};  ///< of what is drawn there
};

/// All that is reported about a run, as plain data.
struct RunReport {
  std::string title;    ///< "fashion-mnist with efficientnet_lite0"
  std::string created;  ///< date and time as people write it; may be empty
  std::string version;  ///< of enxerto
  ModelWords words;
  std::string noun = "picture", nouns = "pictures";  ///< what an example is called, one and several
  std::vector<std::string> labels;
  std::vector<Evaluation> evaluations;     ///< the headline first; may be empty
  std::vector<ReportFact> facts;           ///< data, backbone, size, head, seed, ..
  std::vector<PartTime> parts;             ///< in the order in which they ran
  std::vector<L2Row> l2_trials;            ///< the path that was searched
  std::vector<double> chosen_l2;           ///< one, or one an output; empty: none was searched
  std::string l2_chosen_by;                ///< "cross-validation"
  std::vector<PhaseRow> phases;            ///< empty where only a linear head was solved
  std::string curves_part = "validation";  ///< that the "val_" curves of phases are of
  std::size_t folds = 1;                   ///< by whose mean phases were compared; the curves are of the first
  PrecisionReport precision;
  std::vector<SkippedPicture> skipped;
  std::vector<std::string> warnings;
  std::string advice;   ///< what is likeliest to make the next model better; may be empty
  std::string licence;  ///< of the backbone's weights; may be empty
  std::string command;  ///< that was typed; may be empty
  Previews previews = {};
  std::string recipe;  ///< TOML of what was asked; may be empty
};

}  // namespace enxerto

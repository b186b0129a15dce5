#include "enxerto/transfer/phase_fields.h"

#include <array>

#include "enxerto/engine/optimizer_options.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/training/schedule.h"

namespace enxerto {
namespace {

constexpr NumberRange kCount{.low = 1, .high = 1e9};

constexpr std::array kOwn{
    Setting<Phase>{"train_from", [](Phase& p) -> SettingSlot { return &p.train_from; },
                   "the first stage that is trained: head, a stage (`enxerto inspect BACKBONE` lists them), all"},
    Setting<Phase>{"epochs", [](Phase& p) -> SettingSlot { return &p.epochs; }, "passes over the training part",
                   kCount},
    Setting<Phase>{"steps_per_epoch", [](Phase& p) -> SettingSlot { return &p.steps_per_epoch; },
                   "steps after which an epoch ends, each with an order of its own; 0: when all examples were seen",
                   from_to(0, 1e9)},
    Setting<Phase>{"optimizer",
                   [](Phase& p) -> SettingSlot { return &p.optimizer.kind; },
                   "lbfgs solves a linear head exactly; the others take steps",
                   {},
                   optimizer_names},
    Setting<Phase>{"learning_rate", [](Phase& p) -> SettingSlot { return &p.learning_rate; },
                   "learning rate of the stage next to the head", kNotNegative},
    Setting<Phase>{"lr_find", [](Phase& p) -> SettingSlot { return &p.lr_find; },
                   "a range test (Smith 2017) chooses `learning_rate`"},
    Setting<Phase>{"layer_decay",
                   [](Phase& p) -> SettingSlot { return &p.layer_decay; },
                   "a stage's learning rate is multiplied by this to the power of its distance from the head",
                   {.low = 0, .high = 1, .low_open = true}},
    Setting<Phase>{"batch_size", [](Phase& p) -> SettingSlot { return &p.batch_size; },
                   "examples per step; 0: 32, or all training examples where there are fewer; beside batch_tokens the "
                   "most, 0: any number",
                   from_to(0, 1e9)},
    Setting<Phase>{"batch_tokens", [](Phase& p) -> SettingSlot { return &p.batch_tokens; },
                   "most tokens per step: the examples of a batch times the longest of them, of pairs the longer side "
                   "(fairseq's max_tokens), so that batches are of like lengths; 0: batches are counted in examples",
                   from_to(0, 1e9)},
    Setting<Phase>{"weight_decay", [](Phase& p) -> SettingSlot { return &p.weight_decay; },
                   "weight decay: decoupled in adamw, else added to the gradient", kNotNegative},
    Setting<Phase>{"decay_all", [](Phase& p) -> SettingSlot { return &p.decay_all; },
                   "weight decay of biases and normalisation layers too"},
    Setting<Phase>{"clip_norm", [](Phase& p) -> SettingSlot { return &p.clip_norm; },
                   "largest norm of the gradient; 0: no clipping", kNotNegative},
    Setting<Phase>{"accumulation_steps", [](Phase& p) -> SettingSlot { return &p.accumulation_steps; },
                   "micro-batches that a batch is computed in, to save memory; at most `batch_size`", kCount},
    Setting<Phase>{
        "average_epochs", [](Phase& p) -> SettingSlot { return &p.average_epochs; },
        "the mean of the weights of so many epochs, the best ones on `monitor`, is judged in the end and kept "
        "where it is better than the best epoch (where nothing is monitored: of the last ones, and kept); 0: "
        "none",
        from_to(0, 1000)},
    Setting<Phase>{"ema_decay", [](Phase& p) -> SettingSlot { return &p.ema_decay; },
                   "exponential moving average of the weights, which is kept in their place; 0: none", kBelowOne},
    Setting<Phase>{"recurrent_dropout", [](Phase& p) -> SettingSlot { return &p.recurrent_dropout; },
                   "strength of AWD-LSTM's dropouts in the recurrent layers that are trained: 1 as in ULMFiT's "
                   "language model, 2 as in its classifier; 0: none",
                   from_to(0, 4)},
    Setting<Phase>{"carry_state", [](Phase& p) -> SettingSlot { return &p.carry_state; },
                   "a recurrent language model begins a block with the states of the block before it, where at least "
                   "a tenth of the blocks go on from others (truncated back-propagation); false: with zeros"},
    Setting<Phase>{"block_dropout", [](Phase& p) -> SettingSlot { return &p.block_dropout; },
                   "dropout rate in the transformer blocks that are trained (BERT: 0.1): of attention weights, of what "
                   "each branch adds, of the sum of the embeddings; 0: none",
                   kBelowOne},
    Setting<Phase>{
        "lora_rank", [](Phase& p) -> SettingSlot { return &p.lora_rank; },
        "above 0: of the dense layers that are trained only a matrix of this rank beside each learns (LoRA), "
        "nothing else but a new head; the saved model has it merged",
        from_to(0, 4096)},
    Setting<Phase>{"lora_alpha", [](Phase& p) -> SettingSlot { return &p.lora_alpha; },
                   "what LoRA learns counts by this / lora_rank; 0: by 1", kNotNegative},
    Setting<Phase>{"lora_targets", [](Phase& p) -> SettingSlot { return &p.lora_targets; },
                   "the layers that have a LoRA, by parts of their names: attn, mlp, attn.q ..; if not given: all"},
    Setting<Phase>{"batch_norm", [](Phase& p) -> SettingSlot { return word_slot(p.batch_norm); },
                   "auto: train where weights are random, else frozen; recompute: new statistics first"},
    Setting<Phase>{
        "views", [](Phase& p) -> SettingSlot { return &p.views; },
        "augmented views of an example that are cached before a frozen part; 0: as many as epochs, at most 5",
        from_to(0, 1000)},
};

constexpr std::array kStopping{
    Setting<EarlyStopping>{
        "monitor", [](EarlyStopping& s) -> SettingSlot { return &s.monitor; },
        "what decides the best epoch: val_loss (without label smoothing and class weights), loss, or val_ and a metric "
        "of the task (val_accuracy, val_macro.f1, val_r2 ..)"},
    Setting<EarlyStopping>{"min_delta", [](EarlyStopping& s) -> SettingSlot { return &s.min_delta; },
                           "smallest change that counts as an improvement", kNotNegative},
    Setting<EarlyStopping>{"patience", [](EarlyStopping& s) -> SettingSlot { return &s.patience; },
                           "epochs without improvement after which the phase ends; 0: it never ends early",
                           kNotNegative},
    Setting<EarlyStopping>{"restore_best", [](EarlyStopping& s) -> SettingSlot { return &s.restore_best; },
                           "keep the best epoch's weights, not the last one's"},
};

template <typename Owner>
void add(std::vector<PhaseField>& all, std::span<const Setting<Owner>> fields, Owner& owner,
         std::string_view table = "") {
  for (const Setting<Owner>& field : fields) all.push_back({table, bind(field, owner)});
}

}  // namespace

std::vector<PhaseField> bind_fields(Phase& phase) {
  std::vector<PhaseField> all;
  add(all, std::span<const Setting<Phase>>(kOwn), phase);
  add(all, optimizer_settings(), phase.optimizer);
  add(all, schedule_settings(), phase.schedule);
  add(all, std::span<const Setting<EarlyStopping>>(kStopping), phase.early_stopping);
  add(all, augmentation_settings(), phase.augmentation, "augmentation");
  return all;
}

std::vector<std::string> optimizer_names() {
  std::vector<std::string> names{std::string(kExact.name)};
  for (const OptimizerRow& row : kOptimizers) names.emplace_back(row.name);
  return names;
}

}  // namespace enxerto

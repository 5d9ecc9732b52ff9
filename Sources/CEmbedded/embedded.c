// Data that ships inside the binary, so that one file is the whole program. docs/data.md names the
// origin and licence of each. A new file: put it into `data/`, add an array and a row here.
#include "CEmbedded.h"

static const unsigned char digits[] = {
#embed "data/digits.csv.gz"
};

static const unsigned char cora_nodes[] = {
#embed "data/cora/nodes.tsv.gz"
};

static const unsigned char cora_edges[] = {
#embed "data/cora/edges.tsv.gz"
};

static const unsigned char cora_features[] = {
#embed "data/cora/features.txt.gz"
};

static const unsigned char cora_splits[] = {
#embed "data/cora/splits.tsv.gz"
};

static const unsigned char cora_classes[] = {
#embed "data/cora/classes.txt.gz"
};

static const unsigned char debian_nodes[] = {
#embed "data/debian-packages/nodes.tsv.gz"
};

static const unsigned char debian_edges[] = {
#embed "data/debian-packages/edges.tsv.gz"
};

static const unsigned char debian_text[] = {
#embed "data/debian-packages/text.txt.gz"
};

static const unsigned char debian_classes[] = {
#embed "data/debian-packages/classes.txt.gz"
};

static const unsigned char tpt_48_temperature[] = {
#embed "data/tpt-48/temperature.csv.gz"
};

static const unsigned char tpt_48_edges[] = {
#embed "data/tpt-48/state_edges.txt.gz"
};

static const unsigned char tpt_48_names[] = {
#embed "data/tpt-48/state_names.csv.gz"
};

static const unsigned char tpt_48_layout[] = {
#embed "data/tpt-48/state_layout.csv.gz"
};

static const unsigned char tpt_48_latlon_normalised[] = {
#embed "data/tpt-48/state_latlon_normalised.csv.gz"
};

static const unsigned char tpt_48_tasks[] = {
#embed "data/tpt-48/tasks.csv.gz"
};

static const unsigned char dg_15_points[] = {
#embed "data/dg-15/points.csv.gz"
};

static const unsigned char dg_15_domains[] = {
#embed "data/dg-15/domains.csv.gz"
};

static const unsigned char dg_15_edges[] = {
#embed "data/dg-15/edges.tsv.gz"
};

static const unsigned char auckland_counts[] = {
#embed "data/auckland-pedestrians/hourly_counts_2024.csv.gz"
};

#define ROW(name, array) { name, array, sizeof array }

static const lathe_embedded_file files[] = {
    ROW("digits/digits.csv.gz", digits),
    ROW("cora/nodes.tsv.gz", cora_nodes),
    ROW("cora/edges.tsv.gz", cora_edges),
    ROW("cora/features.txt.gz", cora_features),
    ROW("cora/splits.tsv.gz", cora_splits),
    ROW("cora/classes.txt.gz", cora_classes),
    ROW("debian-packages/nodes.tsv.gz", debian_nodes),
    ROW("debian-packages/edges.tsv.gz", debian_edges),
    ROW("debian-packages/text.txt.gz", debian_text),
    ROW("debian-packages/classes.txt.gz", debian_classes),
    ROW("tpt-48/temperature.csv.gz", tpt_48_temperature),
    ROW("tpt-48/state_edges.txt.gz", tpt_48_edges),
    ROW("tpt-48/state_names.csv.gz", tpt_48_names),
    ROW("tpt-48/state_layout.csv.gz", tpt_48_layout),
    ROW("tpt-48/state_latlon_normalised.csv.gz", tpt_48_latlon_normalised),
    ROW("tpt-48/tasks.csv.gz", tpt_48_tasks),
    ROW("dg-15/points.csv.gz", dg_15_points),
    ROW("dg-15/domains.csv.gz", dg_15_domains),
    ROW("dg-15/edges.tsv.gz", dg_15_edges),
    ROW("auckland-pedestrians/hourly_counts_2024.csv.gz", auckland_counts),
};

size_t lathe_embedded_count(void) { return sizeof files / sizeof files[0]; }

lathe_embedded_file lathe_embedded_at(size_t index) { return files[index]; }

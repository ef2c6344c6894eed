// Simulates the network of this folder; see README.md.
#include "jupyspike_options.h"
#include "network.h"

using namespace std;  // for code that is inserted

static int simulate(int count, char **words) {
    const jsp_options options = jsp_parsed(count, words);
    if (options.help) {
        std::cout << "Simulates the network '" << runs[0]->name << "'.\n\n"
                  << "usage: " << words[0] << " [options]\n"
                  << jsp_help;
        return 0;
    }
    jsp_host host(runs, jsp_data_folder(options.data, words[0]));
    if (options.list) {
        jsp_show_names(host);
        return 0;
    }
    const int threads = jsp_threads(options, host);
    //{before_start}
    jsp_apply(options, host);
    //{after_start}
    int status = 0;
    //{runs}
    //{before_end}
    return status;
}

int main(int count, char **words) {
    try {
        const int status = simulate(count, words);
        //{after_end}
        return status;
    } catch (const jsp_error &error) {
        std::cerr << (count ? words[0] : "main") << ": " << error.what() << "\n";
        return 2;
    }
}

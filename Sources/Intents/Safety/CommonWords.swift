// SPDX-License-Identifier: Apache-2.0

/// Ordinary words that must never be taken for a misspelt symptom: `chess` is not `chest`.
///
/// The words that everyday questions use most, counted over the lines of CLINC150, Banking77, HWU64 and MedQuAD, and
/// words one slip away from words of alarm.
enum CommonWords {
    static let list: [String] = text.split(whereSeparator: \.isWhitespace).map(String.init)

    private static let text = """
        chore chores pumped taped owed odd strokes stroked retch retched stated stare stared haired fired hired tired wired
        charm harmed armed farmed bolted dose dosed nose rose posed pose prone phone alone cone bone done gone
        aaa abc abdominal able abort about above abroad abscess absolutely accent accept acceptable accepted
        accepting accepts access accessed accessing accidentally accidents accomplish according account accounts
        accrued accurate acetate acid acidosis acids acoustic acquired acquiring across action actions activate
        activated activating activation active activities activity actual actually acute acyclovir add added adding
        additional address adele adjust adrenal adult adults advance advice advise affected affiliate affirmative
        afraid africa after aftercare afternoon again against age agenda agent ago agree ahead aicardi aid aiken air
        airlines airport ais ajar alarm alarms alaska albinism album albuterol alcohol alert alerts alex alexa alfa
        alfredo alice alive all allen allergy allow allowed ally almond almost alone along alpha already alright
        also alter alternative alternatives although altruism always amazing amazon america american amex amiloride
        amlodipine amount amoxicillin ampicillin amy amyloidosis and androgen anemia aneurysm angeles angina angioma
        angry animal animals ann anniversary annual annulare another answer answering answers anti antipathy
        antitrypsin antonio anus anxiety any anymore anyone anything anyway anywhere aortic apart aplasia app
        apparently appear appeared appearing appears apple applebees apples application applied apply applying
        appointment appointments appreciate appreciated approval approve approved apr april arbys arch are area
        areas arent argentina arijit around arrange arrival arrive arrived arrives arriving art artery arthritis
        artificial artist asap asia ask asked asking aspiration assist assistance assistant associated asthma
        ataraxy ataxia ate atelectasis athens atlanta atm atms atresia atrophy attach attached attachment attack
        attacks attempt attempted attempting attempts attend attention attractions atypical aud audible audio
        audiobook august austin australia australian austria authorize authorized auto autoimmune automatic
        autosomal availability available average avoid awake award aware away awesome awful azelaic baby bacitracin
        back background bacon bad bag bags bake baked baking balance ball baltimore banana bananas band bands bangor
        bank banking banks bar barcelona barclays bark barn bars basal base baseball based basic basis bathroom
        battery bay bbc beach beans beard beast beating beatles became because become bed bedroom beds beef been
        beeping before began begin beginning behind being belgium belief believe bell bells below ben bench
        beneficiary beneficiery benefits benign bent beside best beta betaxolol better betting betty between beyond
        big bigger biggest biliary bill billing bills binding bird birth birthday birthdays birthplace bit bitcoin
        bite bites bits bjs black blackberry bladder blame bland blank bleach bleat bleeding bleeping blend blending
        blessing blind blink block blocked blocking blond blood blue bmw boa board boarding boating bob body boil
        boise bone bong book booked booking books boost border bore bored born boss boston bot both bother bottle
        bottom botulism bought bowel bowl box brachial brad brain brand brave brazil breach bread breadth break
        breakfast breaking breaks breast breathed breather breathing breed breeding breezing brew brick bride bridge
        brief bright brighten brighter brightness bring british broad broccoli broke broken brooklyn broth brother
        brothers brought brown brownies brush buffalo build building built bullosa burger burn burns bursitis burst
        bus business businesses busy but butter buttermilk button buy buyer buying bye byte cab cabin cable cables
        cad cafe cake cakes calcitonin calculate calculated calendar cali california call called calling calls calm
        caloric calorie calories came camera can canada canadian cancel canceled canceling cancellation cancelled
        cancelling cancer cancun candle candy cannot cant canyon capillary capital capitol cappuccino car
        carboxylase carcinoma card cards care career careful carl carnitine carpet carrie carrots carry carryout
        cars cart case cash casserole cat catch cats cause caused causes causing cautious cefuroxime cell cellphone
        center centimeters central centre cereal cerebral certain certainly cetuximab chain chair chance change
        changed changes changing changs channel chapter character charge charged charger charges charging charles
        charlotte chart chase chat chatting cheap cheapest cheat cheats check checkbooks checked checking checkings
        checkout checks cheddar cheer cheerios cheese cheeseburger cheesecake cheetos chef cheque cheques cherrios
        chess chests chew chewed chiari chicago chicken chief child childhood children chili chilis chill chillis
        china chinese chip chipotle chips chocking chocolate choice choir choking choose choosing chores chose
        chosen chow chris christmas chromosome chronic church cider ciliary cinema circle cirrhosis citibank
        citicard cities city civil claim clam clarify class classes classic classical clean cleaner cleaning clear
        cleared clearly cleft clemastine client climb climbs clinic clinical cloak clock close closest closing cloth
        clothes clothing clots cloud cloudy club clue cnn coa coach coast coating cobimetinib code codeine coffee
        coin coke cold colitis collage collapsible colleague college color colorado colors colour colours columbia
        columbus com combination combined comcast come comes comfortable coming command common commute companies
        company compare compared complain complaint complement complete completed completely completing complex
        compose compromised computer concerned concerns concert concerts condition conditions configure confirm
        confirmation confirmed confused congenita congenital connect connection consider considered consist
        constrictive consumer contact contacted contactless contacts contain contains content continue control
        conversation conversion convert converter cook cookie cookies cooking cool coordinates copy cord core corn
        corneal coronary correcly correct correctly cost costa costco costs coughing could couldnt count countries
        country couple course court cover coverage cracked craft craig cranial crash cream create created creation
        creator credit credited crest cri cricket cross crowd crush crust crypto cst cuba cuisine culture cup cups
        cure cured currencies currency current currently curry curt customer cut cutaneous cute cycle cyclothymic
        cyst cystic dad daily dallas damage damaged dammit dan dance danger danlos dark darken data date dates
        daughter daughters dave david day days deactivate dead deafness deal deals dealt dear death debit december
        decent decide decline declined declining decrease deducted deed deep default defect defects deficiency
        define definitely definition degeneration degrees delay delayed delete deleted deletion delhi deliver
        delivered delivers delivery delta dementia den denied denmark dentist denver depart dependent depleted
        deposit deposited depositing deposits depot depression depth dermatitis describe description design
        desmopressin desperately destination detail details determine determined detroit device devons dextrocardia
        diabetes diabetic diagnose dial diamond diarrhea dice diclofenac did didnt die died diego dies diet dietary
        difference different difficulty dim dining dinner direct direction directions directly disable disappeared
        disappointed discharge disconnect discount discounts discover discovery disease diseases dish dishes disney
        disorder disorders display displaying disposable disposal dispute dissatisfied distal distance divide
        divided doctor doctors documents doe does doesnt dog dogs doing dollar dollars domestic dominant dominoes
        dominos donald done dont donut donuts doo door doors dorzolamide dosage dose dot double doubt dough dow down
        downtown draft drama dream dress drink drive driver driving drop dropped dropping drug drugs dry dte dubai
        dublin duct due duplicate duplicated during dye dysfunction dyskinesia dysostosis dysplasia dystonia
        dystrophy each ear earlier earliest early earn earned earth easier easily east easter eastern easy eat
        eating economic economy ectodermal ectopic edinburgh edit effective effects egg eggs ehlers eight eighty
        either elaborate elbow election electric electricity electronic elephants eleven eligible else elvis email
        emails emergency empire employed employees employer employment empty enable enalapril encephalitis
        enchiladas end endocrine enemy energy engine england english enjoy enjoyable enough enrolled ensure enter
        entered entering enterococci enteropathy entire entry eosinophilic epilepsy episode equal equals erase error
        erythromycin esophageal essential est estimated estradiol estrogen eta eur euro europe european euros
        evanescence evans even evening event events ever everest every everyday everyone everything exact exactly
        exam example exams exceeded excellent except exchange exchanged exchanges exchanging exist existence
        existing expect expected expecting expensive experiencing expiration expire expired expires expiring expiry
        explain explaining explanation express extent extra extremely eye face facebook facial facing fact factor
        factory facts fade faded fail failed failing fails failure faint fair faith fall falling falls false
        familial familiar family famous fan fancy fantastic far fargo farm fashion fast faster fasting fat fate
        father fatty fault favor favorite favorites favourite fear feast feat feature febrile february federal fee
        feed feeding feel feeling fees feet feinting fell female fentanyl festival fetal fever few fewer fiat
        fibrosis field fifteen fifteenth fifth fifty fight figure figuring file filgrastim fill filling fills film
        filter final finally finance find finding fine finger finish finished first fish fishing fist fit fits
        fitting five fix fixed fixing flange flash flat flea flight flights flip floating floor florida flour flower
        flowers fluticasone fly flying focal focus folding follow following food foods fool foot football for force
        ford forecast foreign forever forget forgot forgotten form format forms forth forty forward found four
        fourteen fourteenth fourth frame france francisco frank fraud fraudulent free freedom freeman freeze freezer
        freezing french frequency frequent frequently fresh friday fridays fridge fried friend friendly friends
        fries from front frontal frontier frozen fruit frustrated fry fuel full fully fun function functioning fund
        funds funniest funny furnace furniture further future gallon gallons game games ganglia garage garden garlic
        gas gasoline gate gatlinburg gave gbp general generalized genetic genital genre geographic george georgia
        german germany gestational get gets getting giant gift girlfriend give given gives giving glad gland glare
        glass glycol gmail god gods goes going gold golden golf gone gonna good goodbye google got gotta gotten
        government gps grade grams grand grant granuloma grapes grass grateful great greater greece greek green
        greet greeting grill groceries grocery group grown growth grubhub guard guess guest guide gumbo guys gym
        habit hacked had hair hairy half hall hallway ham hamburger hand handle hands hang happen happened happening
        happens happiness happy harbor hard hardly hare harry hart has hashimoto hasnt hate have havent having
        hawaii hawaiian head headed heading headlines heads heal health healthcare healthy hear heard hearing heart
        hearted hearth heat heating heats heavily heavy heel held hell hello help helped helpful helping hemolytic
        hemophilia hemorrhage hence hepatic hepatitis her herbs here hereditary hernia hero herpes hey hidden high
        higher highest highway hill him hip his hissing history hit hitting hmm hobbies hobby hold holding holiday
        holidays home homemade hometown honest honey hong hop hope hoping hormone horrible horse hospital hot hotel
        hotels hour hours house houston how howard however hows hug huge hugs human hundred hung hungry hunt
        huntington hurl hurry hurt hurts hut hydroxide hydroxylase hyperplasia hypertension hypoplasia ice iceland
        idea ideal ideas identify identity idiopathic ihop iii ill image images imagine immediately immune
        imperforate importance important impression improve inbox inch inches include included income incoming
        incontinence incorrect incorrectly increase increased index india indian indianapolis indonesia induced
        infancy infant infantile infants infection infections infectious inflammatory info inform information
        informed ingredients inhalation inherited initial initiate initiated injection injury inn inner input
        inquiring inr inside insipidus insomnia instagram instant instead instruct instruction instructions insulin
        insurance intensity interactions interbank interest interested interesting interferon internet interstitial
        intervals intestinal into intolerance intrapleural intrauterine invite involved iphone ipratropium ireland
        iron irs ischemia island isnt isolated israel issue issued issues ist italian italy item items its itself
        ive jack jacket jackson jam jamaica james jan jane january japan japanese jaundice jazz jean jeff jerry
        jersey jet jetblue jfk jim job jobs jodhpur joe joes john johns johnson joint joke jokes joking jones josh
        jude judge juice july julys jump june just justin juvenile kansas kaya keep keeping keeps kelp kentucky
        kenya kept keratitis kevin kickball kidney kids killing kills kilometers kilos kilt kind kindly kinds king
        kissing kitchen knife knock knots know knowledge known kohls kong korea korean kroger label lactose lady
        lagos lakewood lamivudine lamp land landing landlord lands language laptop large las lasagna laser last late
        lately later latest lauderdale laugh laughing laundry lawn lawrys lax layer leader leading league learn
        lease least leave leaving lebron led leeds left legal legs lemon length less lesser let lethal lets letter
        letting leukemia level levofloxacin lexington liberty library lice life lifes lift light lighting lights
        like likes limb lime limit limitations limited limits limp linda line lines link linked lip lipid lips lisa
        list listed listen listened listening lists little live lived lively liver living loan loans lobster local
        locate located locating location locations lock locked log logan logic login london long longer longhorn
        look looked looking looks lookup loose lord los lose loss lost lot loud louder love low lower lowest lucky
        luggage lump lunch lung lupus lurasidone lying lyrics lysol macaroni machine machines macular macys made
        madison magic magnesium mail mailed main maintenance major make maker makes making male malformation
        malignant mall manage manager manhattan manner many map march marie mario mark market marketing marks maroon
        marriage married marriot mart mary marys mashed master mastercard match math matter max maximum may maybe
        mayor mcdonalds meal meals mean meaning means meant meat meatballs meatloaf meats mechanic medal media
        medical medications medicine medicines medium meet meeting meetings mein melanoma melbourne melted member
        memory meningitis mental mention menu merchant merzbacher mesa message messages messed metabolic metal
        meters methimazole method methods methyldopa metro mexican mexico miami michael michaels microsoft microwave
        midnight might miglustat mike milan mile mileage miles milk millimeters mind mine minimum minor minus minute
        minutes misplaced missed missing mistake mistakes mix mixed mixing mobile mode model modem modify mom moment
        moms monday mondays money month monthly months mood moose mop mopping moral more morning mornings morphine
        mortgage mortons moscow most mother motor mount mountain mouse mouth move moved movement movie movies
        moxifloxacin mpg much muffins mug mugged multiple mumbai musch muscle muscular museum mushrooms music
        musical must mute myoclonus myopathy myotonia myself name named names nasal nashville nasty national navy
        near nearby nearest neat necessary neck need needed needing needs negative neighborhood neomycin neonatal
        neoplasia nephritis nephropathy nervous netflix neurogenic neuroma neuropathy never new newborn newest newly
        news next nice nick nicotine nigeria night nike nine ninety ninth nobody noel noise non noodle noodles noon
        nope normal normally north nose not note noted notes nothing notice noticed notification notified notify
        notting nov novel november now nowhere npr nuggets numb number numbered numbers nurse nut nutrients
        nutrition nutritional nyc obama object obstruction obstructive obtain obtained occupational occurred ocean
        oclock october odd off offer offered office official often ohare ohio oil okay ola old older olive olly
        olympia omega omelette once one ones online only ons onset onto oops open opened opening operate operator
        ophthalmic opinion optic option options oral orange oranges order ordered ordering orders organization
        origin original originally originate orlando orleans osseous other others ought ounces our out outback outer
        outlet outlets outlook outside ovarian oven over overcharged overdose overhead overseas overview owe own
        owned owner pacific pack package page paget paid pain pained pains paint painted painting paints pair palate
        pale palm palsy pan pancakes pancreatic panda pandora pane panel panera panic papa paper paralysis
        paraplegia parasites parathyroid parc parcel parent parents paris park parking paroxysmal part partial
        particular party paso pass passcode passed passengers password past pasta paste patch patient patients
        pattern paul pause pay paycheck paychecks payday payed paying payment payments paypal payroll peace peanut
        pectus peking pelizaeus pelvis pencil pending penicillin pentamidine people pepper pepperoni per percent
        percentage perfect perfectly perform perhaps pericarditis period periodic perioral peripheral permission
        perry person personal personality persons peso pesos pet peter petrol pets pharmacy pharyngitis phase
        philadelphia pho phoenix phone phosphate photo photos phrase physical pick picture pie piece pigmentosa pill
        pills pilot pin pink pins pints pittsburgh pituitary pityriasis pizza pizzas place placed places plain plan
        plane planned planning plans plant plants plate play playback played player playing playlist plays please
        plexopathy plug plugs plus pneumonia pocket podcast podcasts point points poising poison poisoning poker
        poking police policies policy politics poll polycythemia polymyxin pool pop popular population porch pork
        porphyria portal portion portland portugal portuguese position positive possibility possible possibly post
        posted posts pot potassium potato potatoes potion potter pound pounds power practice precautions prefer
        preference preferences preferred pregnancy premium prepare preparing prescribed prescription present
        president presidents press pressure pretty prevent previous previously price prices pride primary prime
        print prior prize probably problem problems procedure proceed process processed processing product products
        program programmed progress progressive prolapse promise proof proper properly prostate protect protein
        proud prove provide provided providing proving pseudotumor pto pub public pubs pull pulled pulling pulmonary
        pulse purchase purchased purchases purchasing purple purpose purpura push put putting pyridoxine qat qtips
        queen query quest question questions quick quicker quickest quickly quiet quieter quinidine quit quite quote
        rabies radio radius railway rain raining raise ran random range rap rapid rash rate rated rates rather
        rating ratings ratio ray rccg rdna reach reached reaches reaching react reaction reactivate reactive read
        readable reading ready real realize realized really reason reasons recall receipt receive received receiver
        receiving recent recently recessive recieve recipe recipes recipient recognise recognize recognizing
        recommend recommended record recorded rectal recurring red redeem redemption redrobin reduce reed refer
        referring reflect reflected reflux refresh refrigerator refund refunded refunds refuse refused regarding
        regards regular rejected rejecting related relax release released remainder remaining remember remind
        reminded reminder reminders remote removal remove removed renal rename renew reno rent rental repair repeat
        repeated repeatedly repeating rephrase replace replaced replacement replay replies reply report reported
        reporting request requested requesting require required requirements rescind research reservation
        reservations reserve reserved reset resident resistant resolve resolved resources respiratory respond
        response responses responsible rest restart restaurant restaurants restore restrictions result results
        resume retardation retinal retinitis retirement retrieve retry return returned returning returns reverse
        reversed revert reverted review reviewed reviewing reviews reward rewards rewind rheumatoid ribs rice
        rickets rid ride right rihanna ring risk risks risotto river road roast robby robert robin robot rock rod
        rode roger rohit roll rolled rolling rollover rolls romantic rome room roomba rooms root rough roughing
        round roundtrip route routing royal ruble rubles ruby rules run running rupee rupees rural rush russia
        russian ruth ruths sack sacramento sad sade safe safely safety safeway said sal salad salary sale salem
        sales salivary salmon salt sam same sams samsung san sand sandwich sang sara sarah sarcoma satisfied
        saturday sauce sausage save saved saving savings saw say saying says scale scan scene schedule scheduled
        schedules school schwab sclerosis scoop scope score scotland scratch scratched screen seafood sean search
        searching season seat seated seating seattle second secondary seconds section secure security see seeing
        seem seemed seems seen seize seizes seizing seizures select selected self seller selling send sending sense
        sensitivity sent sentence sepa separate separately september serve service serviced services serving session
        set setting settings setup seven seventeen seventh seventy several severe sexual sfo shade shake shaken
        shaky shall shape share shared shark sharp she sheet shelf shell shepherds shift shine ship shipped shirt
        shit shock shoes shoot shop shopping shops shore short shot shots should shoulder shouldnt show showed
        shower showing shown shows shrimp shuffle shut sick side sided sides sidetracks sight sign signed silence
        silent simple since singapore singer singh single sings sinking sioux siri sister site sites sitting
        situation six sixteen sixth sixty size sized sizing sjgren skeletal skill skin skins skip sky sleep sleeping
        sleet slept slice slide slip slit slot slots slow slower slowly small smallest smart smelling smile smith
        smiths smoke smooth snack snake snapchat sneezing snow snowing soccer social sock socket soda sodium soft
        softer solid solution solve some somebody someone someones something somethings sometimes somewhere son song
        songs sons sony soon sorry sort sorts sound soup sour source south southern southwest space spaghetti spain
        spanish spare sparks spastic speak speaker speakers speaking special species specific specified specify
        speech speed spell spelled spelling spend spending spent spider spinal spirit split spoke spoken sport
        sports spot spray sprint square stab stabs stack stadium staff stage stairs stamp stand standard standing
        star starbucks stars start started starting state statement statements states stating station stations
        statue status stay stays steak steakhouse steal steam steel steep stenosis step steps stern steve steven
        stevens stick stiff still stock stocks stoke stole stolen stomatitis stone stones stood stop stopped storage
        store stores stories storm story straight strange street streets stress stricture strike string strip strobe
        stroked stroll strong struck structure stub stuck student study stuff style sub subject subjects submit
        submitted subscription substitute subtract subway such suck sudden suddenly sugar suggest suggestion
        suggestions suite suits sum summer sun sunday sunitinib sunny super superficial supervisor supplements
        supplies support supported suppose supposed sure surgery sushi suspicious suv swallow swallowed swan swap
        sweating sweden swedish sweeping sweet swell swelling swift swim switch switched switzerland symptoms sync
        syndrome system systemic table tablespoons tac taco tacos tacrolimus tag tails tainted take takeaway taken
        takeout takes taking talc talk talking tallahassee tampa tank tapeworm tardive target tartine task tasks
        taste tax taxes taxi teach team tear teaspoons ted teeth telephone television tell telling temp tempe
        temperature ten tennis tenth terbutaline terminate terms terrible test testicular testosterone texas text
        tgi thai thailand than thank thanks that thats the theater theaters theatre theatres their them theme then
        theory there theres these they theyre thiamine thick thing things think thinking third thirty this those
        though thought thousand three threw thrombosis through throughout throw thru thursday thyroid thyroiditis
        tic tick ticket tickets tie tied tiger tight til till time timer times timezone timolol tip tips tire tired
        tires title today todays todo toe toes together toilet tokyo told tom tomato tomatoes tomorrow tomorrows
        toms tonight too took tooth toothpaste top topic topical topics topotecan topped topping topup tore torn
        toronto toss total totally touch tough tourist towards towels tower towers town trace track tracking tract
        trade traffic train trains transaction transactions transdermal transfer transfered transfering transferred
        transferring transfers transient translate trash travel traveling travelling treat treating treatment
        treatments tremor trend trending trenton trial trials trick tried tries trip triple trips trisomy trivia
        trouble truck true truly trump trust truth try trying tube tuesday tuesdays tumor tumors tuna tune turkey
        turn turned turner turns tweet tweets twelfth twelve twentieth twenty twice twilight twist twitter two type
        typed types typical typically typo uber uhh ulcers umami umbrella unable unauthorized unaware unblock
        unblocked unclear under underpants understand understood undo unexpected unfamiliar unimportant union united
        university unknown unless unlock unmute unread unsuccessful unsure unsync until unusable unusual upcoming
        update updated updates updating upon upper ups upset urban urgent urgently urinary urine uruguay usa usaa
        usage usbank usd use used useful uses using usual usually uterine utilities utilize vacation vaccination
        vaccinations vaccine vaccines vacuum vacuuming vaginal valid valsartan value valve van vancomycin vanished
        various vee vegan vegas vehicle vein venous ventricular verification verified verify verifying verizon
        versus very via victim video vietnam vietnamese view vinegar viral virgin virginia virtual virus visa visas
        visible visit visiting vital vitamin vocals voice volume vomiting wages waist wait waiting wake wal
        walgreens walk walked walker walking wallet walmart wanna want wanted wanting wants war warfarin warm warned
        warning wars was wash washing washington wasnt waste watch watched water watering way ways wear weather web
        website wedding wednesday week weekdays weekend weekends weekly weeks weeping weight weird welcome well
        wells wemo wendys went were west western wetting what whatever whats wheel when whens where wheres whether
        which while whisper whispering white who whole whom whos whose why wife wild will wilson win wine wings
        winter wish with withdraw withdrawal withdrawals withdrawing withdrawl withdrawn withdrew within without
        woman women wonder wondered wonderful wondering wont word words work worked working workout works world
        worried worry worse worst worth would wouldnt wound wrist write writer writing wrong wrote xfinity yahoo
        yakamoto yards yeah yeap year yearly years yelling yellow yen yens yes yesterday yesterdays yet yield yoga
        yogurt york you young your youre yours yourself youth youtube youve zeppelin zero zesty zeus zone zoo
        """
}
